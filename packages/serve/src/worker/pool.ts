import { ServiceError } from '../service-error.js';
import type { DetectorDescription } from './describe.js';
import { ThreadError } from './error-message.js';
import { InferenceThread } from './inference-thread.js';
import { abortError, type Job, JobQueue, type JobResult } from './job-queue.js';
import type { TaskName, Tasks, ThreadOptions } from './messages.js';
import { threadsNow, yieldTo } from './thread-priority.js';

export interface PoolOptions extends ThreadOptions {
  threadCount: number;
  /** Milliseconds that a batch may take before its thread counts as stuck and is replaced. */
  stuckAfter: number;
  onNotice: (message: string) => void;
}

/** Batches that a thread holds: one that the engine works on, one that is decoded meanwhile. */
const ahead = 2;

interface Member {
  thread: InferenceThread;
  /** Batches it holds. */
  held: number;
  /** It has every detector, and is not loading another. */
  ready: boolean;
}

/** Threads that share one queue. A thread that ends is replaced, with the detectors it had. */
export class Pool {
  readonly queue = new JobQueue();
  /** Threads that are not the pool's. */
  readonly #before = threadsNow();
  readonly #options: PoolOptions;
  readonly #members = new Set<Member>();
  /** Places of what is loaded, by key. */
  readonly #places = new Map<string, string>();
  #pace: number | undefined;
  #restarts = 0;
  #closing = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    for (let i = 0; i < options.threadCount; i++) this.#add().ready = true;
  }

  /** Threads that ended without being asked to. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Milliseconds from one answer to the next while there is work, of late; undefined before the first. */
  get pace(): number | undefined {
    return this.#pace;
  }

  /** Whether a thread takes work. */
  get isReady(): boolean {
    return [...this.#members].some(({ ready }) => ready);
  }

  /** Loads a detector in every thread, one after the other, so that the others go on. */
  async load(key: string, place: string): Promise<DetectorDescription> {
    this.#places.set(key, place);
    try {
      let description: DetectorDescription | undefined;
      for (const member of [...this.#members]) {
        description = await this.#withdrawn(member, () => this.#load(member, { key, place }));
      }
      return description!;
    } catch (error) {
      await this.unload(key);
      throw error;
    }
  }

  /** Forgets a detector; what was given to a thread before is still answered. */
  async unload(key: string): Promise<void> {
    this.#places.delete(key);
    // a thread that has ended has nothing loaded
    await Promise.allSettled([...this.#members].map(({ thread }) => thread.run('unload', { key })));
  }

  /** @throws {ServiceError} the signal's reason; the image is none */
  detect(job: Omit<Job, 'resolve' | 'reject' | 'since'>): Promise<JobResult> {
    return new Promise((resolve, reject) => {
      this.queue.add({ ...job, since: performance.now(), resolve, reject });
      this.#dispatch();
    });
  }

  /** Runs a task in a thread of its own, which loads what it needs; the others go on with the queue. */
  async aside<Name extends TaskName>(
    task: Name,
    input: Tasks[Name][0],
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<Tasks[Name][1]> {
    const thread = new InferenceThread(this.#options, { onEnd: () => {} });
    try {
      return await thread.run(task, input, { signal });
    } finally {
      thread.end();
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#members].map(({ thread }) => thread.end()));
  }

  #add(): Member {
    const member: Member = {
      thread: new InferenceThread(this.#options, { onEnd: (error) => this.#replace(member, error) }),
      held: 0,
      ready: false,
    };
    this.#members.add(member);
    return member;
  }

  async #replace(member: Member, error: Error): Promise<void> {
    this.#members.delete(member);
    if (this.#closing) return;
    this.#restarts++;
    this.#options.onNotice(`a worker thread is replaced: ${error.message}`);
    const next = this.#add();
    try {
      for (const [key, place] of this.#places) await this.#load(next, { key, place });
      next.ready = true;
      this.#dispatch();
    } catch {
      // its end brings the next one
      setTimeout(() => next.thread.abandon(new Error('it could not load the detectors')), 1000);
    }
  }

  /** Loads a detector, which starts threads of the engine. */
  async #load(member: Member, input: { key: string; place: string }): Promise<DetectorDescription> {
    const description = await member.thread.run('load', input);
    yieldTo(this.#before);
    return description;
  }

  async #withdrawn<T>(member: Member, work: () => Promise<T>): Promise<T> {
    // the last one that takes work goes on doing so
    const others = [...this.#members].some((each) => each !== member && each.ready);
    if (others) member.ready = false;
    try {
      return await work();
    } finally {
      member.ready = true;
      this.#dispatch();
    }
  }

  #dispatch(): void {
    for (;;) {
      const [member] = [...this.#members].filter(({ ready }) => ready).sort((a, b) => a.held - b.held);
      if (!member || member.held >= ahead) return;
      const jobs = this.queue.take();
      if (jobs.length === 0) return;
      member.held++;
      this.#run(member, jobs).finally(() => {
        member.held--;
        this.#dispatch();
      });
    }
  }

  #measure(milliseconds: number): void {
    const each = milliseconds / this.#members.size;
    this.#pace = this.#pace === undefined ? each : 0.9 * this.#pace + 0.1 * each;
  }

  async #run(member: Member, jobs: Job[]): Promise<void> {
    const { loaded } = jobs[0].target;
    const given = performance.now();
    const { stuckAfter } = this.#options;
    const giveUp = () => member.thread.abandon(new Error(`it took more than ${stuckAfter} ms for an image`));
    const stuck = setTimeout(giveUp, stuckAfter);
    const images = jobs.map(({ bytes, outputs }) => ({ bytes, outputs }));
    // one that nobody waits for any more frees the engine, unless others came with it
    const signal = jobs.length === 1 ? jobs[0].signal : undefined;
    for (const { signal, reject } of jobs) {
      signal.addEventListener('abort', () => reject(abortError(signal)), { once: true });
    }
    try {
      const answers = await member.thread.run('detect', { key: loaded.key, images }, { signal });
      for (const [i, answer] of answers.entries()) {
        const job = jobs[i];
        if ('error' in answer) {
          job.reject(imageError(answer.error.message));
          continue;
        }
        job.resolve({ ...answer.result, version: loaded.version, queue: given - job.since });
        this.#measure(answer.result.timings.infer / jobs.length);
      }
    } catch (error) {
      for (const job of jobs) job.reject(job.signal.aborted ? abortError(job.signal) : fault(error));
    } finally {
      clearTimeout(stuck);
    }
  }
}

function imageError(message: string): ServiceError {
  return new ServiceError(`the image cannot be read: ${message}`, {
    code: 'image',
    remedy: 'send a PNG, JPEG, BMP, TIFF or WebP file, whole',
  });
}

function fault(error: unknown): ServiceError {
  const cause = error instanceof ThreadError ? error : undefined;
  return new ServiceError('the detector failed on this image', { code: 'fault', cause: cause ?? error });
}
