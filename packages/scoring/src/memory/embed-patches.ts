import * as tf from '@tensorflow/tfjs';
import { projectRows } from './project-rows.js';

/** The vectors `[n * h * w, dimension]` of joined features `[n, h, w, c]`; ops alone, so that it can be compiled. */
export function embedPatches(
  patches: tf.Tensor4D,
  {
    mean,
    projection,
    residual,
    positionWeight,
  }: { mean: tf.Tensor1D; projection?: tf.Tensor2D; residual: boolean; positionWeight: number },
): tf.Tensor2D {
  const [n, h, w, c] = patches.shape;
  return tf.tidy(() => {
    const centred = tf.sub(tf.reshape(patches, [n * h * w, c]), mean) as tf.Tensor2D;
    const rows = projection ? projectRows(centred, { projection, residual }) : centred;
    if (positionWeight === 0) return rows;
    const shares = (count: number) => tf.mul(tf.add(tf.range(0, count), 0.5), positionWeight / count);
    const y = tf.tile(tf.reshape(shares(h), [1, h, 1, 1]), [n, 1, w, 1]);
    const x = tf.tile(tf.reshape(shares(w), [1, 1, w, 1]), [n, h, 1, 1]);
    return tf.concat([rows, tf.reshape(tf.concat([y, x], 3), [n * h * w, 2])], 1) as tf.Tensor2D;
  });
}
