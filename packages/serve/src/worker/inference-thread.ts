import { Worker } from 'node:worker_threads';
import { threadEntry } from '../thread-entry.js';
import { ThreadError } from './error-message.js';
import type { Answer, End, Request, TaskName, Tasks, ThreadOptions } from './messages.js';

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** A worker thread that has an engine of its own; tasks are asked of it one by one or many at once. */
export class InferenceThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  readonly #onEnd: (error: Error) => void;
  #next = 1;
  #end: Error | undefined;

  /** @param onEnd told once, when it is of no use any more */
  constructor({ engine, threads, pixels }: ThreadOptions, { onEnd }: { onEnd: (error: Error) => void }) {
    this.#onEnd = onEnd;
    this.#worker = new Worker(threadEntry, {
      workerData: { engine, threads, pixels } satisfies ThreadOptions,
      execArgv: [],
      // what an image leaves is short-lived and large; more room would only let it pile up
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    this.#worker.on('error', (error) => this.#finish(error));
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#finish(new Error(`a worker thread ended with code ${code}`));
        resolve();
      });
    });
  }

  /**
   * @param options.signal ends the task within a step of the engine
   * @throws {ThreadError} what the task threw; another error where the thread has ended
   */
  run<Name extends TaskName>(
    task: Name,
    input: Tasks[Name][0],
    { signal, transfer = [] }: { signal?: AbortSignal; transfer?: ArrayBuffer[] } = {},
  ): Promise<Tasks[Name][1]> {
    if (this.#end) return Promise.reject(this.#end);
    const id = this.#next++;
    const abort = () => this.#worker.postMessage({ abort: id });
    signal?.addEventListener('abort', abort, { once: true });
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#worker.postMessage({ id, task, input } as Request, transfer);
    return answer.finally(() => signal?.removeEventListener('abort', abort)) as Promise<Tasks[Name][1]>;
  }

  /**
   * Ends it when what it was given is done. A thread is never terminated: the engine would take the process with it (it
   * throws where it finds its thread gone).
   */
  async end(): Promise<void> {
    if (!this.#end) this.#worker.postMessage({ end: true } satisfies End);
    await this.#ended;
  }

  /** Gives it up: its tasks fail, and it is ended when it comes to it. */
  abandon(reason: Error): void {
    this.#worker.postMessage({ end: true } satisfies End);
    this.#worker.unref();
    this.#finish(reason);
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(new ThreadError(answer.error));
    else waiting?.resolve(answer.value);
  }

  #finish(error: Error): void {
    if (this.#end) return;
    this.#end = error;
    for (const { reject } of this.#waiting.values()) reject(this.#end);
    this.#waiting.clear();
    this.#onEnd(error);
  }
}
