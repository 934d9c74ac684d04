import { Worker } from 'node:worker_threads';
import type { DecodeJob, DecodeReply } from './decodeJob.js';

/** Threads that decode, each one job at a time. */
export interface DecodePool {
  run(job: DecodeJob): Promise<DecodeReply>;
  close(): Promise<void>;
}

interface Task {
  job: DecodeJob;
  resolve: (reply: DecodeReply) => void;
}

// The sources run too (in tests), where the built worker lies in the neighbouring folder.
const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? '../dist/decodeWorker.js' : './decodeWorker.js',
  import.meta.url,
);

export function openDecodePool(size: number): DecodePool {
  const waiting: Task[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Task>();

  const start = () => {
    const worker = new Worker(ENTRY);
    worker.on('message', (reply: DecodeReply) => {
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
        error: `loadImage: cannot read ${path}: its thread died: ${error.message}`,
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
