import * as tf from '@tensorflow/tfjs';
import { embedPatches } from './embed-patches.js';
import type { LoadedMemory } from './load-memory.js';
import { nearestRows } from './nearest-rows.js';
import { patchFeatures } from './patch-features.js';
import { asQueries } from './product-rows.js';
import { vectorsAt } from './vectors-at.js';

/** What a memory has nearest to each position of images. */
export interface NearestInMemory {
  /** `[n, h, w, 1]`, Euclidean. */
  distance: tf.Tensor4D;
  /** `[n, h, w]`, int32: the row of the memory. */
  index: tf.Tensor3D;
  /** `[n * h * w, dimension]`: the positions as vectors of the memory. */
  queries: tf.Tensor2D;
}

/**
 * Searches the memory for every position of images. Ops alone, so that backbone and search can be compiled as one graph.
 *
 * @param features one `[n, h, w, c]` per layer, from the backbone that the memory was made with
 */
export function nearestInMemory(memory: LoadedMemory, features: readonly tf.Tensor4D[]): NearestInMemory {
  return tf.tidy(() => {
    const patches = patchFeatures(features, memory.layers);
    const [n, h, w, c] = patches.shape;
    if (c !== memory.mean.shape[0]) {
      throw new Error(
        `nearestInMemory: needs features of ${memory.mean.shape[0]} channels, as the memory's, got ${c}`,
      );
    }
    const queries = embedPatches(patches, memory);
    const { index } = nearestRows(asQueries(queries), memory.targets);
    // The product that found it has rounding of the size of the norms; the difference has not.
    const difference = tf.sub(queries, vectorsAt(memory, index));
    const distance = tf.sqrt(tf.sum(tf.square(difference), 1));
    return {
      distance: tf.reshape(distance, [n, h, w, 1]) as tf.Tensor4D,
      index: tf.reshape(index, [n, h, w]) as tf.Tensor3D,
      queries,
    };
  });
}
