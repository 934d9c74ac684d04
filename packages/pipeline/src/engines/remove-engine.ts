import { checkOptions, UserError } from '@ddad/detector';
import { removeNoted } from './added-files.js';
import { ortFolder } from './ort-folder.js';

export interface RemoveEngineOptions {
  /** `ort-cuda`. */
  name: string;
}

/**
 * Takes away what `addEngine` has put beside ONNX Runtime. CUDA's libraries, which others may use, stay.
 *
 * @returns paths of the files that were there
 * @throws {UserError} another engine
 */
export async function removeEngine(options: RemoveEngineOptions): Promise<string[]> {
  checkOptions('removeEngine', options, { name: true });
  if (options.name !== 'ort-cuda') {
    throw new UserError(`engine: needs ort-cuda, which alone can be removed, got '${options.name}'`, {
      code: 'option',
    });
  }
  return removeNoted((await ortFolder()).folder);
}
