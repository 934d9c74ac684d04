import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Context, detectorNamed } from '../context.js';
import { judge } from '../detectors/judge.js';
import { admit } from '../http/admission.js';
import { answerDetection, outputsOf, withFiles } from '../http/answer-detections.js';
import { deadline } from '../http/deadline.js';
import { imagesOf } from '../http/images-of.js';
import { routeSchema } from '../http/schema.js';
import { type DetectQuery, detectionSchema, detectionsSchema, detectQuery, nameParams } from '../schemas.js';
import { ServiceError } from '../service-error.js';

/** `POST /v1/detectors/:name/detect` */
export async function detectRoute(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  const { limits, admission } = context;
  admit(app, admission);
  app.removeAllContentTypeParsers();
  await app.register(multipart, { throwFileSizeLimit: true });
  const raw = /^(image\/|application\/octet-stream)/;
  app.addContentTypeParser(raw, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const schema = routeSchema({
    ...{ summary: 'Looks at an image, or at the files of a form.', operationId: 'detect' },
    ...{ params: nameParams, query: detectQuery, answer: z.union([detectionSchema, detectionsSchema]) },
    consumes: ['image/*', 'application/octet-stream', 'multipart/form-data'],
  });
  app.post<{ Params: { name: string }; Querystring: DetectQuery }>(
    '/v1/detectors/:name/detect',
    { schema, bodyLimit: limits.bytes },
    async (request, reply) => {
      const signal = deadline(reply, limits);
      const detector = detectorNamed(context, request.params.name);
      const outputs = outputsOf(request.query);
      const leave: (() => void)[] = [];
      try {
        const images = await imagesOf(request, { limits, enter: () => leave.push(admission.enter()) });
        const judged = images.map((image) => judge(detector, image, { outputs, signal, context }));
        if (judged.length === 1) return answerDetection(reply, await judged[0], request.query);
        const settled = await Promise.allSettled(judged);
        return {
          detections: settled.map((each, i) => {
            if (each.status === 'fulfilled') return withFiles(each.value, outputs);
            return { image: { name: images[i].name }, error: errorOf(each.reason) };
          }),
        };
      } finally {
        for (const each of leave) each();
      }
    },
  );
}

/** A file's own error; what concerns the whole request is thrown. */
function errorOf(reason: unknown) {
  if (!(reason instanceof ServiceError) || reason.status >= 500) throw reason;
  const { code, message, remedy } = reason;
  return { code, message, ...(remedy && { remedy }) };
}
