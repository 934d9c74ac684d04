import * as tf from '@tensorflow/tfjs';

/** `x * sigmoid(x)`. */
export function silu<T extends tf.Tensor>(x: T): T {
  return tf.mul(x, tf.sigmoid(x));
}
