import type { FastifyError, FastifyRequest } from 'fastify';
import type { GivenImage } from '../detectors/judge.js';
import type { Limits } from '../limits.js';
import { ServiceError } from '../service-error.js';

/**
 * The images of a request: its body, or the files of a form.
 *
 * @param options.enter called for each file beyond the first
 */
export async function imagesOf(
  request: FastifyRequest<{ Querystring: { name?: string } }>,
  { limits, enter }: { limits: Limits; enter: () => void },
): Promise<GivenImage[]> {
  if (!request.isMultipart()) {
    if (!Buffer.isBuffer(request.body) || request.body.length === 0) throw noImage();
    return [{ name: request.query.name ?? null, bytes: request.body }];
  }
  const images: GivenImage[] = [];
  const most = {
    fileSize: limits.bytes,
    files: limits.files,
    fields: 20,
    fieldSize: 1000,
    parts: limits.files + 20,
  };
  try {
    for await (const part of request.parts({ limits: most })) {
      if (part.type !== 'file') continue;
      if (images.length > 0) enter();
      images.push({ name: part.filename ?? null, bytes: await part.toBuffer() });
    }
  } catch (error) {
    throw formError(error as FastifyError | ServiceError);
  }
  if (images.length === 0) throw noImage();
  return images;
}

/** What the parser of forms throws is about the form. */
function formError(error: FastifyError | ServiceError): Error {
  if (error instanceof ServiceError || error.statusCode !== undefined) return error;
  return new ServiceError(`the form cannot be read: ${error.message}`, { code: 'request', cause: error });
}

function noImage(): ServiceError {
  return new ServiceError('there is no image in the request', {
    code: 'request',
    remedy: 'send its bytes as the body (image/png, ...), or files in multipart/form-data',
  });
}
