import type { FastifyReply } from 'fastify';
import { ServiceError } from '../service-error.js';

/** Fires when the time of a request is over, or when its client has gone away. */
export function deadline(reply: FastifyReply, { seconds }: { seconds: number }): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(
    () =>
      controller.abort(
        new ServiceError(`not answered within ${seconds} s`, {
          code: 'timeout',
          remedy: 'send it again later',
          retryAfter: Math.ceil(seconds / 4),
        }),
      ),
    1000 * seconds,
  );
  reply.raw.once('close', () => {
    clearTimeout(timer);
    controller.abort(new ServiceError('the client has gone away', { code: 'timeout' }));
  });
  return controller.signal;
}
