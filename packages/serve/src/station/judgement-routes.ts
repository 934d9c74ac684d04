import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { type Context, detectorNamed } from '../context.js';
import { assertImage } from '../detectors/judge.js';
import { routeSchema } from '../http/schema.js';
import { nameParams } from '../schemas.js';
import { ServiceError } from '../service-error.js';
import { exportJudgements } from './export-judgements.js';
import { judgementBody, judgementQuery, judgementsSchema } from './schemas.js';
import type { Stations } from './stations.js';

interface Named {
  Params: { name: string };
}

/** What people say of pictures. */
export async function judgementRoutes(
  app: FastifyInstance,
  { context, stations }: { context: Context; stations: Stations },
): Promise<void> {
  const { limits } = context;
  const raw = /^(image\/|application\/octet-stream)/;
  app.addContentTypeParser(raw, { parseAs: 'buffer', bodyLimit: limits.bytes }, (_request, body, done) =>
    done(null, body),
  );
  app.post<Named & { Body: unknown; Querystring: z.infer<typeof judgementQuery> }>(
    '/v1/detectors/:name/judgements',
    {
      bodyLimit: limits.bytes,
      schema: routeSchema({
        ...{ summary: 'Keeps what a person says of a picture, and the picture.', operationId: 'judge' },
        ...{ params: nameParams, query: judgementQuery, answer: judgementsSchema },
        consumes: ['image/*', 'application/octet-stream', 'application/json'],
      }),
    },
    async ({ params, query, body }) => {
      const detector = detectorNamed(context, params.name);
      const { version } = detector.loaded;
      const judgements = await stations.judgementsOf(detector);
      await judgements.add({ ...given(body, query, limits.pixels), version });
      return { judgements: judgements.list() };
    },
  );
  app.get<Named>(
    '/v1/detectors/:name/judgements',
    {
      schema: routeSchema({
        ...{ summary: 'The pictures that people have judged.', operationId: 'listJudgements' },
        ...{ params: nameParams, answer: judgementsSchema },
      }),
    },
    async ({ params }) => {
      const judgements = await stations.judgementsOf(detectorNamed(context, params.name));
      return { judgements: judgements.list() };
    },
  );
  app.get<Named>(
    '/v1/detectors/:name/judgements/export',
    {
      schema: routeSchema({
        ...{
          summary: 'The judged pictures as a tar in the layout of MVTec AD.',
          operationId: 'exportJudgements',
        },
        ...{ params: nameParams, produces: ['application/x-tar'] },
      }),
    },
    async ({ params: { name } }, reply) => {
      const judgements = await stations.judgementsOf(detectorNamed(context, name));
      return reply
        .type('application/x-tar')
        .header('content-disposition', `attachment; filename="${name}-judged.tar"`)
        .send(Readable.from(exportJudgements(name, judgements)));
    },
  );
}

function given(body: unknown, query: z.infer<typeof judgementQuery>, pixels: number) {
  if (!Buffer.isBuffer(body)) {
    const parsed = judgementBody.safeParse(body);
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0];
      throw new ServiceError(`body/${path.join('/')} ${message}`, { code: 'request' });
    }
    const { sha256, verdict, note = null, name = null } = parsed.data;
    return { sha256, verdict, note, name };
  }
  const { verdict, note = null, name = null } = query;
  if (verdict === undefined) {
    throw new ServiceError('querystring/verdict is missing', {
      code: 'request',
      remedy: 'good, bad or none',
    });
  }
  assertImage(body, pixels);
  return { sha256: createHash('sha256').update(body).digest('hex'), verdict, note, name, bytes: body };
}
