import type { FastifyInstance } from 'fastify';
import { ServiceError } from '../service-error.js';

export interface AdmissionOptions {
  /** Images that are accepted and not answered, at most. */
  queue: number;
  /** Seconds that an answer may take. */
  seconds: number;
  /** Milliseconds from one answer to the next, as far as known. */
  pace: () => number | undefined;
}

/** Counts the images that are accepted and not answered: no more than can be answered in time. */
export class Admission {
  readonly #options: AdmissionOptions;
  #taken = 0;
  #refused = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  get taken(): number {
    return this.#taken;
  }

  get refused(): number {
    return this.#refused;
  }

  /**
   * Takes a place.
   *
   * @returns gives it back
   * @throws {ServiceError} there is none
   */
  enter(): () => void {
    const { queue, seconds, pace } = this.#options;
    const each = (pace() ?? 0) / 1000;
    // a fifth is kept for what is slower than of late
    const inTime = Math.max(1, Math.floor((0.8 * seconds) / each));
    if (this.#taken >= Math.min(queue, inTime)) {
      this.#refused++;
      throw new ServiceError(`${this.#taken} images wait already`, {
        code: 'busy',
        remedy: 'send it again later',
        retryAfter: Math.max(1, Math.ceil((this.#taken * each) / 2)),
      });
    }
    this.#taken++;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#taken--;
    };
  }
}

/** A place for each request of these routes, taken before its body is read, held until it is answered. */
export function admit(app: FastifyInstance, admission: Admission): void {
  app.addHook('onRequest', async (_request, reply) => {
    // 'close' comes also where the client has gone away
    reply.raw.once('close', admission.enter());
  });
}
