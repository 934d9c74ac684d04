import { replaceFile } from '@ddad/files';
import { reason } from './reason.js';

/**
 * Writes to a temporary name, syncs, renames: `path` is complete or as it was before. Makes its folder.
 *
 * @throws with path and reason if it cannot be written
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array | string): Promise<void> {
  try {
    await replaceFile(path, bytes);
  } catch (error) {
    throw new Error(`cannot write ${path}: ${reason(error)}`, { cause: error });
  }
}
