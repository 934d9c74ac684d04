import * as tf from '@tensorflow/tfjs';
import { asQueries, asTargets } from './product-rows.js';

/** Rows looked at together. */
const BLOCK = 512;

export interface Block {
  /** Squared, of the farthest rows to the nearest chosen one, largest first. */
  distances: Float32Array;
  /** Which rows they are. */
  indices: Int32Array;
  /** Squared distances among them, row-major. */
  pairwise: Float32Array;
  /** True where the block has all rows. */
  isComplete: boolean;
}

export async function farthestRows(rows: tf.Tensor2D, nearest: tf.Tensor1D): Promise<Block> {
  const size = Math.min(BLOCK, rows.shape[0]);
  const read = tf.tidy(() => {
    const { values, indices } = tf.topk(nearest, size);
    const block = tf.gather(rows, indices) as tf.Tensor2D;
    const norms = tf.sum(tf.square(block), 1, true);
    const pairwise = tf.sub(norms, tf.matMul(asQueries(block), asTargets(block), false, true));
    return [values, indices, pairwise];
  });
  const [distances, indices, pairwise] = await Promise.all(read.map((tensor) => tensor.data()));
  tf.dispose(read);
  return {
    distances: distances as Float32Array,
    indices: indices as Int32Array,
    pairwise: pairwise as Float32Array,
    isComplete: size === rows.shape[0],
  };
}
