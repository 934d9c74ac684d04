import type { FastifyInstance } from 'fastify';
import { type Context, detectorNamed } from '../context.js';
import { routeSchema } from '../http/schema.js';
import { nameParams } from '../schemas.js';
import { readDecisions } from './read-decisions.js';

/** `GET /v1/detectors/:name/log` */
export async function logRoute(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  app.get<{ Params: { name: string } }>(
    '/v1/detectors/:name/log',
    {
      schema: routeSchema({
        ...{ summary: 'Everything that was decided, a JSON line each.', operationId: 'getLog' },
        ...{ params: nameParams, produces: ['application/jsonl'] },
      }),
    },
    async ({ params }, reply) => {
      const decisions = await readDecisions(detectorNamed(context, params.name).log.path);
      return reply
        .type('application/jsonl; charset=utf-8')
        .send(decisions.map((decision) => `${JSON.stringify(decision)}\n`).join(''));
    },
  );
}
