import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type Job, READY, type Reply, runJob } from './decode-job.js';

/** Threads that decode, each one job at a time. */
export interface DecodePool {
  run<J extends Job>(job: J): Promise<Reply<J>>;
  close(): Promise<void>;
}

interface Task {
  job: Job;
  // biome-ignore lint/suspicious/noExplicitAny: each task takes the reply of its own kind of job
  resolve: (reply: any) => void;
}

export interface DecodePoolOptions {
  /** Opens the messages of errors. */
  who: string;
  /** Where the worker's file is. @default `decode-worker.js` beside this module */
  worker?: URL | string;
}

/**
 * `size` 0 decodes in the calling thread.
 *
 * @throws if the worker's file is not there, as in a bundle that leaves it out
 */
export function openDecodePool(size: number, { who, worker: address }: DecodePoolOptions): DecodePool {
  if (size === 0) return { run: runJob, close: async () => {} };
  const entry = workerFile(who, address);
  const waiting: Task[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Task>();

  const start = () => {
    // Not this process's own options: some (--input-type) are refused for a file.
    const worker = new Worker(entry, { execArgv: [] });
    let isReady = false;
    worker.on('message', (reply: unknown) => {
      if (reply === READY) {
        isReady = true;
        return;
      }
      const task = busy.get(worker)!;
      busy.delete(worker);
      idle.push(worker);
      task.resolve(reply);
      next();
    });
    // An image that kills its thread (out of memory, say) costs that image and a new thread, nothing else.
    worker.on('error', (error) => {
      const task = busy.get(worker);
      busy.delete(worker);
      const path = task?.job.path;
      task?.resolve(
        isReady
          ? { error: `cannot read ${path}: its thread died: ${error.message}`, fatal: false }
          : {
              error: `${who}: its worker thread ${entry} cannot start: ${error.message}. ${REMEDY}`,
              fatal: true,
            },
      );
      next();
    });
    worker.unref();
    return worker;
  };

  const next = () => {
    while (waiting.length > 0) {
      const worker = idle.pop() ?? (busy.size < size ? start() : undefined);
      if (!worker) return;
      const task = waiting.shift()!;
      busy.set(worker, task);
      worker.ref();
      worker.postMessage(task.job);
    }
  };

  return {
    run: (job) =>
      new Promise((resolve) => {
        waiting.push({ job, resolve });
        next();
      }),
    close: async () => {
      await Promise.all([...idle, ...busy.keys()].map((worker) => worker.terminate()));
    },
  };
}

const REMEDY =
  "Where a bundler has left it out: keep @ddad/datasets out of the bundle (external), give the address of its file '@ddad/datasets/decode-worker' (option worker), or decode without threads (workers: 0).";

function workerFile(who: string, address: URL | string | undefined): string {
  let path: string;
  try {
    path = fileURLToPath(new URL(address ?? './decode-worker.js', import.meta.url));
  } catch (error) {
    throw new Error(
      `${who}: has no address for its worker threads (${(error as Error).message}). ${REMEDY}`,
      {
        cause: error,
      },
    );
  }
  if (!existsSync(path))
    throw new Error(`${who}: the file of its worker threads is not there: ${path}. ${REMEDY}`);
  return path;
}
