import * as tf from '@tensorflow/tfjs';

/** `[q, 1]` of rows `[n, k]`: what {@link nearestRows} searches for. */
export function asQueries(rows: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.concat([rows, tf.onesLike(tf.slice(rows, [0, 0], [-1, 1]))], 1) as tf.Tensor2D);
}

/** `[2 t, -|t|^2]` of rows `[m, k]`: what {@link nearestRows} searches in. */
export function asTargets(rows: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(
    () => tf.concat([tf.mul(rows, 2), tf.neg(tf.sum(tf.square(rows), 1, true))], 1) as tf.Tensor2D,
  );
}

/** Squared norms `[n]` of the rows that {@link asQueries} was given. */
export function squaredNorms(queries: tf.Tensor2D): tf.Tensor1D {
  return tf.tidy(() => tf.sub(tf.sum(tf.square(queries), 1), 1) as tf.Tensor1D);
}
