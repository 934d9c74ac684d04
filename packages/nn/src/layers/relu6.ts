import * as tf from '@tensorflow/tfjs';

/** `min(max(x, 0), 6)`. The gradient is taken from the result alone; it is zero at 0 and 6, as PyTorch's. */
export const relu6 = tf.customGrad((x: tf.Tensor | tf.GradSaveFunc, save: tf.Tensor | tf.GradSaveFunc) => {
  const value = tf.relu6(x as tf.Tensor);
  (save as tf.GradSaveFunc)([value]);
  return {
    value,
    gradFunc: (dy: tf.Tensor, [y]: tf.Tensor[]) => {
      const inside = tf.logicalAnd(tf.greater(y, 0), tf.less(y, 6));
      return tf.mul(dy, tf.cast(inside, 'float32'));
    },
  };
}) as <T extends tf.Tensor>(x: T) => T;
