import { ServiceError } from '../service-error.js';
import type { ImageJob, ImageResult } from './messages.js';

/** A detector that is loaded in every thread. */
export interface Loaded {
  /** Its name in the threads. */
  key: string;
  version: number;
  /** Images that go through its networks at once. */
  batchSize: number;
}

/** Where jobs find the version that is active when their turn comes. */
export interface Target {
  readonly loaded: Loaded;
}

/** What a job is answered with. */
export interface JobResult extends ImageResult {
  version: number;
  /** Milliseconds before a thread took it. */
  queue: number;
}

export interface Job extends ImageJob {
  target: Target;
  /** By `performance.now()`. */
  since: number;
  signal: AbortSignal;
  resolve: (result: JobResult) => void;
  reject: (error: Error) => void;
}

/** Jobs in the order they came. */
export class JobQueue {
  readonly #jobs: Job[] = [];

  get length(): number {
    return this.#jobs.length;
  }

  add(job: Job): void {
    this.#jobs.push(job);
    const leave = () => {
      const at = this.#jobs.indexOf(job);
      if (at < 0) return;
      this.#jobs.splice(at, 1);
      job.reject(abortError(job.signal));
    };
    job.signal.addEventListener('abort', leave, { once: true });
    if (job.signal.aborted) leave();
  }

  /**
   * The next job, and those of the same detector behind it as far as its networks take them at once: a power of two, so
   * that few sizes are compiled.
   */
  take(): Job[] {
    const [first] = this.#jobs;
    if (!first) return [];
    const { target } = first;
    const alike = this.#jobs.filter((job) => job.target === target);
    const most = Math.min(alike.length, target.loaded.batchSize);
    const taken = alike.slice(0, 2 ** Math.floor(Math.log2(most)));
    for (const job of taken) this.#jobs.splice(this.#jobs.indexOf(job), 1);
    return taken;
  }
}

/** Why a job was given up. */
export function abortError(signal: AbortSignal): Error {
  return signal.reason instanceof ServiceError
    ? signal.reason
    : new ServiceError('the request was given up', { code: 'timeout' });
}
