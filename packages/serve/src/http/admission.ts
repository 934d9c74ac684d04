import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ServiceError } from '../service-error.js';

/** Counts the images that are accepted and not answered. */
export class Admission {
  readonly #most: number;
  #taken = 0;
  #refused = 0;
  /** Seconds that an image takes, of late. */
  #pace = 0.5;

  constructor(most: number) {
    this.#most = most;
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
    if (this.#taken >= this.#most) {
      this.#refused++;
      throw new ServiceError(`${this.#taken} images wait already`, {
        code: 'busy',
        remedy: 'send it again later',
        retryAfter: Math.max(1, Math.round((this.#taken * this.#pace) / 2)),
      });
    }
    this.#taken++;
    const since = performance.now();
    const among = this.#taken;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#taken--;
      this.#pace += 0.1 * ((performance.now() - since) / 1000 / among - this.#pace);
    };
  }
}

/** A place for each request of these routes, taken before its body is read, held until it is answered. */
export function admit(app: FastifyInstance, admission: Admission): void {
  const leave = new WeakMap<FastifyRequest, () => void>();
  app.addHook('onRequest', async (request, reply) => {
    leave.set(request, admission.enter());
    // also where the client has gone away
    reply.raw.once('close', () => leave.get(request)?.());
  });
}
