import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@ddad/detector';
import { makeFolder, replaceFile, WriteError, writeError } from '@ddad/files';

/**
 * Writes a file so that a kill at any moment leaves the old one or the new one. Folders on the way are made.
 *
 * @throws {UserError} if it cannot be written
 */
export async function writeAtomic(path: string, data: string | Uint8Array): Promise<void> {
  try {
    await replaceFile(path, data);
  } catch (error) {
    throw withRemedy(error);
  }
}

/**
 * Makes `folder` and tries to write there, so that a long run does not find out at its end.
 *
 * @throws {UserError} if it cannot be written
 */
export async function checkWritable(folder: string): Promise<void> {
  const probe = join(folder, `.ddad-${process.pid}.tmp`);
  try {
    await makeFolder(folder);
    await (await open(probe, 'w')).close();
    await rm(probe);
  } catch (error) {
    throw withRemedy(writeError(folder, error));
  }
}

function withRemedy(error: unknown): unknown {
  if (!(error instanceof WriteError)) return error;
  const { message, cause } = error;
  return new UserError(message, { code: 'output', remedy: 'choose another output folder', cause });
}
