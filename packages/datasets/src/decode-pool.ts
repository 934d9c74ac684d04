import { Worker } from 'node:worker_threads';
import { type Job, type Reply, runJob } from './decode-job.js';

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

// The sources run too (in tests), where the built worker lies in the neighbouring folder.
const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? '../dist/decode-worker.js' : './decode-worker.js',
  import.meta.url,
);

/** `size` 0 decodes in the calling thread. */
export function openDecodePool(size: number): DecodePool {
  if (size === 0) return { run: runJob, close: async () => {} };
  const waiting: Task[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Task>();

  const start = () => {
    // Not this process's own options: some (--input-type) are refused for a file.
    const worker = new Worker(ENTRY, { execArgv: [] });
    worker.on('message', (reply: unknown) => {
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
      task?.resolve({
        error: `cannot read ${path}: its thread died: ${error.message}`,
        fatal: false,
      });
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
