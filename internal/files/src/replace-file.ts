import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { threadId } from 'node:worker_threads';
import { makeFolder } from './make-folder.js';
import { syncFolder } from './sync-folder.js';
import { writeError } from './write-error.js';

/**
 * Writes a file so that a kill or a power cut at any moment leaves the old one or the new one: temporary name
 * (`<path>.<process>[-<thread>].tmp`), fsync, rename, fsync of the folder. Folders on the way are made. A thread
 * writes a path once at a time.
 *
 * @throws {WriteError} the file system refuses; the old file is as it was, and no temporary one stays
 */
export async function replaceFile(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}${threadId ? `-${threadId}` : ''}.tmp`;
  const folder = dirname(path);
  try {
    await makeFolder(folder);
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeError(path, error);
  }
}
