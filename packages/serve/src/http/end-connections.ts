import type { FastifyInstance } from 'fastify';

/** Answers that are given while the server closes end their connection: else it would stay open for a next request. */
export function endConnections(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
}
