import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ServiceError } from '../service-error.js';

/**
 * Writes the body of a request to a file; it is whole and on the disk when this returns, and not there where it throws.
 *
 * @throws {ServiceError} it has more bytes than `most`
 */
export async function receiveFile(
  body: NodeJS.ReadableStream,
  path: string,
  { most, signal }: { most: number; signal: AbortSignal },
): Promise<void> {
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= most) return done(null, chunk);
      done(new ServiceError(`the detector has more than ${most} bytes`, { code: 'too-large' }));
    },
  });
  await mkdir(dirname(path), { recursive: true });
  try {
    await pipeline(body, counted, createWriteStream(path, { flags: 'wx', flush: true }), { signal });
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
