import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import type { LoadedMemory } from './load-memory.js';
import type { NearestInMemory } from './nearest-in-memory.js';
import { asQueries } from './product-rows.js';
import { vectorsAt } from './vectors-at.js';

export interface ReweightedScoreOptions {
  /** How many vectors around the nearest one are looked at. @default 9 */
  neighbours?: number;
}

/**
 * PatchCore's image score (arXiv 2106.08265, eq. 7): the largest distance of an image, times `1 - e^d(q, m) / sum e^d(q,
 * m')` with q the position it is of, m the nearest vector and m' the vectors nearest to m, itself included. It grows where
 * even the nearest is rare among the good.
 *
 * @returns `[n]`
 */
export function reweightedScore(
  memory: LoadedMemory,
  { distance, index, queries }: NearestInMemory,
  options: ReweightedScoreOptions = {},
): tf.Tensor1D {
  checkOptions('reweightedScore', options, { neighbours: true });
  const { neighbours = 9 } = options;
  const count = memory.targets.shape[0];
  if (!(Number.isInteger(neighbours) && neighbours >= 2)) {
    throw new Error(`reweightedScore: needs whole neighbours >= 2, got ${neighbours}`);
  }
  const around = Math.min(neighbours, count);
  return tf.tidy(() => {
    const [n, h, w] = distance.shape;
    const distances = tf.reshape(distance, [n, h * w]);
    const largest = tf.max(distances, 1) as tf.Tensor1D;
    const at = tf.add(tf.argMax(distances, 1), tf.range(0, n * h * w, h * w, 'int32')) as tf.Tensor1D;
    const query = tf.gather(queries, at) as tf.Tensor2D;
    const nearest = vectorsAt(memory, tf.gather(tf.reshape(index, [-1]), at) as tf.Tensor1D);
    // 2 m m' - |m'|^2 orders the vectors by how near they are to m
    const products = tf.matMul(asQueries(nearest), memory.targets, false, true);
    const { indices } = tf.topk(products, around);
    const vectors = tf.reshape(vectorsAt(memory, tf.reshape(indices, [-1]) as tf.Tensor1D), [n, around, -1]);
    const differences = tf.sub(vectors, tf.expandDims(query, 1));
    const others = tf.sqrt(tf.sum(tf.square(differences), 2));
    const sum = tf.sum(tf.exp(tf.sub(others, tf.expandDims(largest, 1))), 1);
    return tf.mul(largest, tf.sub(1, tf.div(1, sum))) as tf.Tensor1D;
  });
}
