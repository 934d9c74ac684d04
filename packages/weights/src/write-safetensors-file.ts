import { replaceFile } from '@ddad/files';
import type { StateDict } from './state-dict.js';
import { writeSafetensors } from './write-safetensors.js';

/**
 * Writes a safetensors file atomically: a kill at any moment leaves the old file or the whole new one. Folders on the
 * way are made.
 *
 * Needs a file system (Node).
 *
 * @throws Error `cannot write <path>: <why>`, or where a tensor cannot be written
 */
export async function writeSafetensorsFile(
  path: string,
  stateDict: StateDict,
  metadata: Record<string, string> = {},
): Promise<void> {
  await replaceFile(path, writeSafetensors(stateDict, metadata));
}
