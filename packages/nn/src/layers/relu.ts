import * as tf from '@tensorflow/tfjs';

/** `max(x, 0)`. The gradient is taken from the result alone, which the next layer keeps anyway. */
export const relu = tf.customGrad((x: tf.Tensor | tf.GradSaveFunc, save: tf.Tensor | tf.GradSaveFunc) => {
  const value = tf.relu(x as tf.Tensor);
  (save as tf.GradSaveFunc)([value]);
  return {
    value,
    gradFunc: (dy: tf.Tensor, [y]: tf.Tensor[]) => tf.mul(dy, tf.cast(tf.greater(y, 0), 'float32')),
  };
}) as <T extends tf.Tensor>(x: T) => T;
