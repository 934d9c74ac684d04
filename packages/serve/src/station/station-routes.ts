import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.js';
import { judgementRoutes } from './judgement-routes.js';
import { logRoute } from './log-route.js';
import { revisionRoutes } from './revision-routes.js';
import { Stations } from './stations.js';

/** What people decide about detectors, kept beside each. */
export async function stationRoutes(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  const stations = new Stations();
  for (const routes of [judgementRoutes, revisionRoutes]) await app.register(routes, { context, stations });
  await app.register(logRoute, { context });
}
