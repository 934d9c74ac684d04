import { open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, replaceFile } from '@ddad/files';
import { UserError } from '../user-error.js';

/**
 * Writes a file so that a kill at any moment leaves the old one or the new one: temporary name, fsync,
 * rename. Folders on the way are made.
 *
 * @throws {UserError} if it cannot be written
 */
export async function writeAtomic(path: string, data: string | Uint8Array): Promise<void> {
  try {
    await replaceFile(path, data);
    await syncFolder(dirname(path));
  } catch (error) {
    throw writeError(path, error);
  }
}

/** Makes the rename itself durable; Windows cannot open a folder and needs no such step. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
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
    throw writeError(folder, error);
  }
}

function writeError(path: string, error: unknown): UserError {
  const { code, message } = error as NodeJS.ErrnoException;
  const why: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the disk is read-only',
    ENOSPC: 'the disk is full',
    ENOENT: 'no folder can be made there',
    ENOTDIR: 'a part of the path is a file, not a folder',
    EEXIST: 'a part of the path is a file, not a folder',
    EISDIR: 'it is a folder',
  };
  return new UserError(`cannot write ${path}: ${why[code ?? ''] ?? message}; choose another output folder`, {
    cause: error,
  });
}
