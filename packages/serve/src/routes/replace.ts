import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type Context, detectorNamed } from '../context.js';
import { summaryOf } from '../detectors/summary.js';
import { deadline } from '../http/deadline.js';
import { receiveFile } from '../http/receive-file.js';
import { routeSchema } from '../http/schema.js';
import { detectorSchema, nameParams } from '../schemas.js';
import { ServiceError } from '../service-error.js';

/** `PUT /v1/detectors/:name`: another detector in its place. */
export async function replaceRoute(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  app.removeAllContentTypeParsers();
  // to the disk as it comes
  app.addContentTypeParser(/^application\/(octet-stream|zip)/, (_request, body, done) => done(null, body));
  app.put<{ Params: { name: string }; Body: NodeJS.ReadableStream }>(
    '/v1/detectors/:name',
    {
      schema: routeSchema({
        ...{
          summary: 'Puts a detector, a .ddad file, in place of this one.',
          operationId: 'replaceDetector',
        },
        ...{ params: nameParams, answer: detectorSchema, consumes: ['application/octet-stream'] },
      }),
    },
    async ({ params, body }, reply) => {
      const detector = detectorNamed(context, params.name);
      if (!body) throw new ServiceError('there is no detector in the request', { code: 'request' });
      const { folder } = detector.versions;
      const received = join(folder, `received-${randomUUID()}.ddad`);
      const signal = deadline(reply, context.limits);
      await receiveFile(body, received, { most: context.limits.detectorBytes, signal });
      try {
        await detector.replace(() => detector.versions.adopt(received, { cause: 'replaced' }));
      } finally {
        await rm(received, { force: true });
      }
      return summaryOf(detector);
    },
  );
}
