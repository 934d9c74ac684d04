import * as tf from '@tensorflow/tfjs';
import { hash } from './sample-positions.js';

/** Columns that vectors are projected to before a greedy choice. */
const PROJECTED = 128;

/** Rows `[n, 128]` by random signs (Achlioptas 2003), which keeps distances to about a tenth; narrower ones as they are. */
export function projectForChoice(rows: tf.Tensor2D, seed: number): tf.Tensor2D {
  const dimension = rows.shape[1];
  if (dimension <= PROJECTED) return rows.clone();
  const scale = 1 / Math.sqrt(PROJECTED);
  const signs = Float32Array.from(
    { length: dimension * PROJECTED },
    (_, i) => sign(seed, Math.floor(i / PROJECTED), i % PROJECTED) * scale,
  );
  return tf.tidy(() => tf.matMul(rows, tf.tensor2d(signs, [dimension, PROJECTED])) as tf.Tensor2D);
}

/** +1 or -1. */
export function sign(seed: number, i: number, j: number): number {
  return hash(seed, i, j) & 1 ? 1 : -1;
}
