import * as tf from '@tensorflow/tfjs';
import type { FeatureMemory } from './feature-memory.js';

/** The chosen rows as those of a memory. */
export async function pickVectors(
  rows: tf.Tensor2D,
  chosen: Int32Array,
  { images, positions }: { images: Int32Array; positions: Int32Array },
): Promise<Pick<FeatureMemory, 'vectors' | 'dimension' | 'images' | 'positions'>> {
  const picked = tf.tidy(() => tf.gather(rows, tf.tensor1d(chosen, 'int32')));
  const values = await picked.data();
  picked.dispose();
  return {
    vectors: Float32Array.from(values),
    dimension: rows.shape[1],
    images: Int32Array.from(chosen, (row) => images[row]),
    positions: Int32Array.from(chosen, (row) => positions[row]),
  };
}
