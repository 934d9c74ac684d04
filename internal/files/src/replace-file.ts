import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { threadId } from 'node:worker_threads';
import { makeFolder } from './make-folder.js';

/**
 * Writes a file so that a kill at any moment leaves the old one or the new one: temporary name
 * (`<path>.<process>[-<thread>].tmp`), fsync, rename. Folders on the way are made.
 *
 * @throws the file system's error; the old file is as it was, and no temporary one stays
 */
export async function replaceFile(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}${threadId ? `-${threadId}` : ''}.tmp`;
  try {
    await makeFolder(dirname(path));
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
