import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Context } from '../context.js';
import { routeSchema } from '../http/schema.js';
import { ServiceError } from '../service-error.js';

/** For whoever watches the process; they tell nothing of the detectors. */
export async function healthRoutes(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  const answer = z.strictObject({ status: z.literal('ok') });
  app.get(
    '/health',
    { schema: routeSchema({ summary: 'The process lives.', operationId: 'health', answer }) },
    () => ({ status: 'ok' }),
  );
  app.get(
    '/ready',
    { schema: routeSchema({ summary: 'The detectors are loaded.', operationId: 'ready', answer }) },
    () => {
      if (context.pool.isReady) return { status: 'ok' };
      throw new ServiceError('the detectors are loading', { code: 'stopping', retryAfter: 5 });
    },
  );
}
