import * as tf from '@tensorflow/tfjs';

/** `x * sigmoid(x)` (Elfwing et al. 2018), with the gradient in closed form: dy (s + y (1 - s)), s = sigmoid(x). */
export const silu = tf.customGrad((x: tf.Tensor | tf.GradSaveFunc, save: tf.Tensor | tf.GradSaveFunc) => {
  const s = tf.sigmoid(x as tf.Tensor);
  const value = tf.mul(x as tf.Tensor, s);
  (save as tf.GradSaveFunc)([value, s]);
  return {
    value,
    gradFunc: (dy: tf.Tensor, [y, s]: tf.Tensor[]) => tf.mul(dy, tf.add(s, tf.mul(y, tf.sub(1, s)))),
  };
}) as <T extends tf.Tensor>(x: T) => T;
