import * as tf from '@tensorflow/tfjs';
import type { LoadedMemory } from './load-memory.js';

/**
 * `targets` of a memory in which what it has of one image is out of reach: to compare that image with the others. Where a
 * greedy choice left out what others had like it, those are missed, and the image seems farther away than it is.
 *
 * @returns for `{ ...memory, targets }`; the caller disposes it
 */
export function targetsWithout({ targets, images }: LoadedMemory, image: number): tf.Tensor2D {
  return tf.tidy(() => {
    const columns = targets.shape[1];
    // the last column is what is added to the product that a search looks for the largest of
    const penalty = new Float32Array(images.length);
    images.forEach((each, row) => {
      if (each === image) penalty[row] = OUT_OF_REACH;
    });
    const last = tf.tensor2d(penalty, [images.length, 1]);
    return tf.add(targets, tf.concat([tf.zeros([images.length, columns - 1]), last], 1)) as tf.Tensor2D;
  });
}

const OUT_OF_REACH = -1e30;
