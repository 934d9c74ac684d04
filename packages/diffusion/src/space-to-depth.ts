import * as tf from '@tensorflow/tfjs';

/** [n, h, w, c] as [n, h / patch, w / patch, patch * patch * c], rows of a square first. */
export function spaceToDepth(x: tf.Tensor4D, patch: number): tf.Tensor4D {
  if (patch === 1) return x;
  const [n, h, w, c] = x.shape;
  const cells = tf.reshape(x, [n, h / patch, patch, w / patch, patch, c]);
  return tf.reshape(tf.transpose(cells, [0, 1, 3, 2, 4, 5]), [n, h / patch, w / patch, patch * patch * c]);
}

/** The inverse of {@link spaceToDepth}. */
export function depthToSpace(x: tf.Tensor4D, patch: number): tf.Tensor4D {
  if (patch === 1) return x;
  const [n, h, w, c] = x.shape;
  const each = c / (patch * patch);
  const cells = tf.transpose(tf.reshape(x, [n, h, w, patch, patch, each]), [0, 1, 3, 2, 4, 5]);
  return tf.reshape(cells, [n, h * patch, w * patch, each]);
}
