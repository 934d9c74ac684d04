import * as tf from '@tensorflow/tfjs';

/**
 * `[size, size]`: row i holds the weights of the pixels that make blurred pixel i. Computed from `tf.range`
 * rather than from an array, so that it stays inside a compiled graph.
 */
export function blurMatrix(size: number, sigma: number, radius: number): tf.Tensor {
  let total = 0;
  for (let k = -radius; k <= radius; k++) total += Math.exp((-k * k) / (2 * sigma * sigma));
  const weight = (offset: tf.Tensor) => {
    const inside = tf.lessEqual(offset.abs(), radius).cast('float32');
    return offset
      .square()
      .mul(-1 / (2 * sigma * sigma))
      .exp()
      .mul(inside)
      .mul(1 / total);
  };
  const last = size - 1;
  const i = tf.range(0, size).reshape([size, 1]);
  const j = tf.range(0, size).reshape([1, size]);
  const direct = weight(j.sub(i));
  const mirroredAtStart = weight(j.add(i)).mul(tf.minimum(j, 1));
  const mirroredAtEnd = weight(tf.sub(2 * last, j.add(i))).mul(tf.minimum(tf.sub(last, j), 1));
  return direct.add(mirroredAtStart).add(mirroredAtEnd);
}
