import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.js';
import { routeSchema } from '../http/schema.js';

/** `GET /metrics`, and what it counts of every request. */
export async function metricsRoute(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  const { registry } = context.metrics;
  app.get(
    '/metrics',
    {
      schema: routeSchema({
        ...{ summary: 'For a Prometheus server.', operationId: 'metrics', produces: ['text/plain'] },
      }),
    },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
}

/** Counts every answer of an application, under the pattern of its route. */
export function countRequests(app: FastifyInstance, { requests, requestSeconds }: Context['metrics']): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const { method } = request;
    requests.inc({ route, method, status: String(reply.statusCode) });
    requestSeconds.observe({ route, method }, reply.elapsedTime / 1000);
  });
}
