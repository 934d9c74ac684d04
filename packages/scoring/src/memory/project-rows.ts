import * as tf from '@tensorflow/tfjs';

/**
 * Centred rows `[n, c]` by their principal components `[c, k]`, and, in a last column, the length of what those leave
 * out (the distance from feature space, Moghaddam & Pentland 1997): distances of such rows are nearer to those of all
 * columns than without, and never above them. Ops alone, so that it can be compiled.
 *
 * @returns `[n, k + 1]`, or `[n, k]` without `residual`
 */
export function projectRows(
  rows: tf.Tensor2D,
  { projection, residual }: { projection: tf.Tensor2D; residual: boolean },
): tf.Tensor2D {
  return tf.tidy(() => {
    const within = tf.matMul(rows, projection) as tf.Tensor2D;
    if (!residual) return within;
    const squaredLength = (x: tf.Tensor2D) => tf.sum(tf.square(x), 1, true);
    const outside = tf.sqrt(tf.relu(tf.sub(squaredLength(rows), squaredLength(within))));
    return tf.concat([within, outside], 1) as tf.Tensor2D;
  });
}
