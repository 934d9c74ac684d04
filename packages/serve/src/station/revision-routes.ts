import { withRegionOfInterest, withThreshold } from '@ddad/detector';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { type Context, detectorNamed } from '../context.js';
import { summaryOf } from '../detectors/summary.js';
import { routeSchema } from '../http/schema.js';
import { detectorSchema, nameParams } from '../schemas.js';
import { asRequestError } from './as-request-error.js';
import { recalibrateDetector } from './recalibrate-detector.js';
import { revise } from './revise.js';
import { recalibrateBody, recalibratedSchema, regionBody, thresholdBody } from './schemas.js';
import type { Stations } from './stations.js';

interface Named {
  Params: { name: string };
}

/** What makes a version with the same networks. */
export async function revisionRoutes(
  app: FastifyInstance,
  { context, stations }: { context: Context; stations: Stations },
): Promise<void> {
  app.put<Named & { Body: z.infer<typeof thresholdBody> }>(
    '/v1/detectors/:name/threshold',
    {
      schema: routeSchema({
        ...{ summary: 'Another threshold, as a new version.', operationId: 'setThreshold' },
        ...{ params: nameParams, body: thresholdBody, answer: detectorSchema },
      }),
    },
    async ({ params, body: { threshold } }) => {
      const detector = detectorNamed(context, params.name);
      const change = (manifest: Parameters<typeof withThreshold>[0]) => withThreshold(manifest, threshold);
      await asRequestError(() => revise(detector, { cause: 'threshold', details: { threshold }, change }));
      return summaryOf(detector);
    },
  );
  app.put<Named & { Body: z.infer<typeof regionBody> }>(
    '/v1/detectors/:name/roi',
    {
      schema: routeSchema({
        ...{ summary: 'Another region of interest, as a new version.', operationId: 'setRegionOfInterest' },
        ...{ params: nameParams, body: regionBody, answer: detectorSchema },
      }),
    },
    async ({ params, body }) => {
      const detector = detectorNamed(context, params.name);
      const region = body.include.length + body.ignore.length > 0 ? body : null;
      const change = (manifest: Parameters<typeof withRegionOfInterest>[0]) =>
        withRegionOfInterest(manifest, region);
      await asRequestError(() => revise(detector, { cause: 'roi', details: body, change }));
      return summaryOf(detector);
    },
  );
  app.post<Named & { Body: z.infer<typeof recalibrateBody> }>(
    '/v1/detectors/:name/recalibrate',
    {
      schema: routeSchema({
        ...{
          summary: 'Takes the pictures judged good into account, as a new version.',
          operationId: 'recalibrate',
        },
        ...{ params: nameParams, body: recalibrateBody, answer: recalibratedSchema },
      }),
    },
    async ({ params, body }) => {
      const detector = detectorNamed(context, params.name);
      const judgements = await stations.judgementsOf(detector);
      return asRequestError(() => recalibrateDetector(detector, { ...body, judgements, pool: context.pool }));
    },
  );
}
