import type { StateDict } from './state-dict.js';
import { writeFileAtomically } from './write-file-atomically.js';
import { writeSafetensors } from './write-safetensors.js';

/**
 * Writes a safetensors file atomically: a kill at any moment leaves the old file or the whole new one.
 *
 * Needs a file system (Node).
 */
export async function writeSafetensorsFile(
  path: string,
  stateDict: StateDict,
  metadata: Record<string, string> = {},
): Promise<void> {
  await writeFileAtomically(path, writeSafetensors(stateDict, metadata));
}
