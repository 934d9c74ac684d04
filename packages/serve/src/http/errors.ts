import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { ServiceError } from '../service-error.js';

/** Answers every error as `{ error: { code, message, remedy } }`. */
export function answerErrors(app: FastifyInstance, { onFault }: { onFault: (error: Error) => void }): void {
  app.setErrorHandler((error: FastifyError | ServiceError, _request, reply) => {
    const known = error instanceof ServiceError ? error : fromFastify(error);
    if (known.status === 500) onFault(known.cause instanceof Error ? known.cause : known);
    return sendError(reply, known);
  });
  app.setNotFoundHandler((request, reply) =>
    sendError(
      reply,
      new ServiceError(`there is no ${request.method} ${request.url.split('?')[0]}`, {
        code: 'unknown',
        remedy: 'GET /openapi.json has what there is',
      }),
    ),
  );
}

export function sendError(reply: FastifyReply, { code, message, remedy, status, retryAfter }: ServiceError) {
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .status(status)
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({ error: { code, message, ...(remedy && { remedy }) } });
}

/** What Fastify refuses, in our words. */
export function fromFastify(error: FastifyError): ServiceError {
  const { statusCode = 500, message, validation } = error;
  if (validation) return new ServiceError(message, { code: 'request' });
  if (statusCode === 413) {
    return new ServiceError('the body is larger than this station takes', {
      code: 'too-large',
      cause: error,
    });
  }
  if (statusCode === 503)
    return new ServiceError('the station is stopping', { code: 'stopping', retryAfter: 5 });
  if (statusCode < 500)
    return new ServiceError(message, { code: 'request', status: statusCode, cause: error });
  return new ServiceError('the station failed on this request', { code: 'fault', cause: error });
}
