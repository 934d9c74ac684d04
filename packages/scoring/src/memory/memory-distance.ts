import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import type { FeatureMemory } from './feature-memory.js';
import { type LoadedMemory, loadMemory } from './load-memory.js';
import { nearestInMemory } from './nearest-in-memory.js';

export interface MemoryDistanceOptions {
  /** Height and width of the result, in pixels: those of the images the features come from. */
  size: [number, number];
}

/**
 * D_m: per position, the Euclidean distance to what the memory has nearest (PatchCore, arXiv 2106.08265, section 3.3),
 * resized bilinearly, pixel centres kept in place. Not blurred.
 *
 * @param memory as {@link loadMemory} gives it where there is more than one call to make
 * @param features one `[n, h, w, c]` per layer, from the backbone that the memory was made with
 * @returns `[n, size[0], size[1], 1]`
 */
export function memoryDistance(
  memory: FeatureMemory | LoadedMemory,
  features: readonly tf.Tensor4D[],
  options: MemoryDistanceOptions,
): tf.Tensor4D {
  checkOptions('memoryDistance', options, { size: true });
  const { size } = options;
  if ('targets' in memory) {
    return tf.tidy(() =>
      tf.image.resizeBilinear(nearestInMemory(memory, features).distance, size, false, true),
    );
  }
  const loaded = loadMemory(memory);
  try {
    return memoryDistance(loaded, features, options);
  } finally {
    loaded.dispose();
  }
}
