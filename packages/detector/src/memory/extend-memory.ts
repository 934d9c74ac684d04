import type { Backbone } from '@ddad/features';
import { addToMemory, type FeatureMemory, memoryFromState, memoryToState } from '@ddad/scoring';
import { writeSafetensors } from '@ddad/weights';
import { asUserError } from '../as-user-error.js';
import type { Manifest, MemoryFile } from '../manifest.js';
import { parseWeights, sha256 } from '../networks/parse-weights.js';
import type { TaskOptions } from '../task-options.js';
import { type FileSource, pathIn } from '../url-source.js';
import { featuresOfImages } from './features-of-images.js';

/**
 * The memory of a detector.
 *
 * @throws {UserError} it is missing, damaged or altered
 */
export async function readMemory(source: FileSource, { file, sha256 }: MemoryFile): Promise<FeatureMemory> {
  const name = pathIn(source, file);
  const state = await parseWeights(await source.read(file), { name, architecture: {}, sha256 });
  return asUserError(() => memoryFromState(state), { code: 'weights', prefix: `${name}: ` });
}

/** The memory that has seen these images too, numbered on from those before them. */
export async function extendMemory(
  memory: FeatureMemory,
  images: readonly Uint8Array[],
  { config, backbone, ...task }: TaskOptions & Pick<Manifest, 'config'> & { backbone: Backbone },
): Promise<FeatureMemory> {
  const { features, layers } = featuresOfImages(images, { config, backbone, ...task });
  const extended = await addToMemory({ ...memory, layers: layers.map((_, i) => i) }, { features });
  return { ...extended, layers };
}

/** A memory as a file, named by its content. */
export async function memoryFile(memory: FeatureMemory): Promise<{ file: MemoryFile; bytes: Uint8Array }> {
  const bytes = writeSafetensors(memoryToState(memory));
  const hash = await sha256(bytes);
  return { file: { file: `memory-${hash.slice(0, 12)}.safetensors`, sha256: hash }, bytes };
}
