import cors from '@fastify/cors';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Context } from './context.js';
import { requireToken, tokenCheck } from './http/auth.js';
import { endConnections } from './http/end-connections.js';
import { answerErrors, fromFastify, sendError } from './http/errors.js';
import { refuseForeignPages } from './http/same-origin.js';
import { openApi } from './openapi-info.js';
import { detectRoute } from './routes/detect.js';
import { detectorRoutes } from './routes/detectors.js';
import { healthRoutes } from './routes/health.js';
import { countRequests, metricsRoute } from './routes/metrics.js';
import { pageRoute } from './routes/page.js';
import { replaceRoute } from './routes/replace.js';
import { stationRoutes } from './station/station-routes.js';

export interface AppOptions {
  context: Context;
  token: string | undefined;
  /** Origins whose pages may use it. */
  cors: readonly string[];
  onFault: (error: Error) => void;
}

/** The routes, without a port. */
export async function createApp({
  context,
  token,
  cors: origins,
  onFault,
}: AppOptions): Promise<FastifyInstance> {
  const { seconds, bytes } = context.limits;
  const check = token === undefined ? undefined : tokenCheck(token);
  const app = Fastify({
    requestTimeout: 1000 * seconds,
    bodyLimit: Math.min(bytes, 2 ** 20),
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    // an address that is none comes to no hook
    frameworkErrors: (error, request, reply) => sendError(reply, check?.(request) ?? fromFastify(error)),
    // what does not fit is an error, and is not made to fit
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
  });
  answerErrors(app, { onFault });
  endConnections(app);
  countRequests(app, context.metrics);
  if (token === undefined) refuseForeignPages(app, { origins });
  if (origins.length > 0) {
    await app.register(cors, {
      ...{ origin: [...origins], methods: ['GET', 'POST', 'PUT'] },
      exposedHeaders: ['x-ddad-detection', 'retry-after'],
    });
  }
  if (check) requireToken(app, check);
  await app.register(swagger, openApi);
  for (const routes of [
    healthRoutes,
    metricsRoute,
    detectorRoutes,
    detectRoute,
    replaceRoute,
    stationRoutes,
  ]) {
    await app.register(routes, { context });
  }
  await app.register(pageRoute);
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  return app;
}
