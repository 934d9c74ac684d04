import * as tf from '@tensorflow/tfjs';
import { normal } from './random.js';
import { deriveSeed } from './seed.js';

/** A standard normal float32 tensor: value i (row-major) is a function of (seed, i). */
export function gaussian<R extends tf.Rank>(seed: number, shape: tf.ShapeMap[R]): tf.Tensor<R> {
  const count = (shape as number[]).reduce((a, b) => a * b, 1);
  return tf.tensor<R>(normal(seed, count), shape, 'float32');
}

/**
 * A noise source for a batch that gives every image noise from its own seed: draw k of image i is a function
 * of (seeds[i], k), whatever batch the image came in. The first dimension of a requested shape must be
 * `seeds.length`.
 */
export function imageNoise(seeds: readonly number[]): (shape: number[]) => tf.Tensor {
  let draw = 0;
  return (shape) => {
    const [n, ...rest] = shape;
    if (n !== seeds.length) {
      throw new Error(`imageNoise: has ${seeds.length} seeds, got a batch of ${n} (shape [${shape}])`);
    }
    const count = rest.reduce((a, b) => a * b, 1);
    const data = new Float32Array(n * count);
    seeds.forEach((seed, i) => {
      data.set(normal(deriveSeed(seed, draw), count), i * count);
    });
    draw++;
    return tf.tensor(data, shape, 'float32');
  };
}
