import * as tf from '@tensorflow/tfjs';

/** Mean over the batch of 1 - cosine; norms below 1e-8 count as 1e-8, as in PyTorch. */
export function cosineDistance(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const axes = a.shape.map((_, axis) => axis).slice(1);
  const dot = tf.sum(tf.mul(a, b), axes);
  const norm = (t: tf.Tensor) => tf.maximum(tf.sqrt(tf.sum(tf.square(t), axes)), 1e-8);
  return tf.sub(1, tf.mean(tf.div(dot, tf.mul(norm(a), norm(b)))));
}
