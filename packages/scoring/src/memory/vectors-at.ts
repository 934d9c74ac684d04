import * as tf from '@tensorflow/tfjs';
import type { LoadedMemory } from './load-memory.js';

/** Vectors `[k, dimension]` of the memory. */
export function vectorsAt({ targets }: LoadedMemory, rows: tf.Tensor1D): tf.Tensor2D {
  return tf.tidy(() => {
    const found = tf.gather(targets, rows);
    return tf.mul(tf.slice(found, [0, 0], [-1, targets.shape[1] - 1]), 0.5) as tf.Tensor2D;
  });
}
