import type { Backbone } from '@ddad/features';
import { addToMemory, type FeatureMemory, memoryFromState, memoryToState } from '@ddad/scoring';
import { writeSafetensors } from '@ddad/weights';
import { asUserError } from '../as-user-error.js';
import type { Manifest, MemoryFile } from '../manifest.js';
import { parseWeights, sha256 } from '../networks/parse-weights.js';
import type { TaskOptions } from '../task-options.js';
import { type FileSource, pathIn } from '../url-source.js';
import { featuresOfImages } from './features-of-images.js';
import { numberedByPicture, rememberedPositions } from './remembered-positions.js';

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

export interface ExtendMemoryOptions extends TaskOptions, Pick<Manifest, 'config'> {
  backbone: Backbone;
  /** Of each image, what of it is judged. */
  masks: readonly (Uint8Array | undefined)[];
  /** Of images that are tiles: the number of the picture of each among these pictures. */
  pictures?: readonly number[];
}

/** The memory that has seen these images too, numbered on from those before them. */
export async function extendMemory(
  memory: FeatureMemory,
  images: readonly Uint8Array[],
  { config, backbone, masks, pictures, ...task }: ExtendMemoryOptions,
): Promise<FeatureMemory> {
  const { features, layers } = featuresOfImages(images, { config, backbone, ...task });
  const from = memory.imageCount;
  const include = rememberedPositions(masks, { side: config.data.imageSize, from });
  const own = { ...memory, layers: layers.map((_, i) => i) };
  const extended = await addToMemory(own, { features, ...(include && { include }) });
  return { ...(pictures ? numberedByPicture(extended, pictures, { from }) : extended), layers };
}

/** A memory as a file, named by its content. */
export async function memoryFile(memory: FeatureMemory): Promise<{ file: MemoryFile; bytes: Uint8Array }> {
  const bytes = writeSafetensors(memoryToState(memory));
  const hash = await sha256(bytes);
  return { file: { file: `memory-${hash.slice(0, 12)}.safetensors`, sha256: hash }, bytes };
}
