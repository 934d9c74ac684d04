import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Context, detectorNamed } from '../context.js';
import { detailOf, summaryOf } from '../detectors/summary.js';
import { routeSchema } from '../http/schema.js';
import { detectorDetailSchema, detectorSchema, nameParams, versionParams } from '../schemas.js';

/** What there is, and which version is used. */
export async function detectorRoutes(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  app.get(
    '/v1/detectors',
    {
      schema: routeSchema({
        ...{ summary: 'The detectors of this station.', operationId: 'listDetectors' },
        answer: z.array(detectorSchema),
      }),
    },
    () => [...context.detectors.values()].map(summaryOf),
  );
  app.get<{ Params: { name: string } }>(
    '/v1/detectors/:name',
    {
      schema: routeSchema({
        ...{ summary: 'One detector, with what it was calibrated on.', operationId: 'getDetector' },
        ...{ params: nameParams, answer: detectorDetailSchema },
      }),
    },
    (request) => detailOf(detectorNamed(context, request.params.name), context.limits),
  );
  app.post<{ Params: { name: string; version: string } }>(
    '/v1/detectors/:name/versions/:version/activate',
    {
      schema: routeSchema({
        ...{ summary: 'Uses another version, back or forth.', operationId: 'activateVersion' },
        ...{ params: versionParams, answer: detectorSchema },
      }),
    },
    async (request) => {
      const detector = detectorNamed(context, request.params.name);
      await detector.activate(Number(request.params.version));
      return summaryOf(detector);
    },
  );
}
