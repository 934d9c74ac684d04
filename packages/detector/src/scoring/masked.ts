import * as tf from '@tensorflow/tfjs';
import { type Distances, distanceNames } from './distances.js';

/** Distances of which those outside of `mask` are 0; as they are without one. */
export function masked(distances: Distances, mask: Uint8Array | undefined): Distances {
  if (!mask) return distances;
  const out: Distances = { ...distances, mask };
  for (const name of distanceNames) {
    const values = distances[name];
    if (values) out[name] = values.map((value, i) => value * mask[i]);
  }
  return out;
}

/**
 * What blurred maps of masked distances are multiplied by. The blur takes nothing from outside of a mask, so that no score
 * is higher with one than without.
 *
 * @returns [n, side, side, 1], 1 where an image is judged and 0 elsewhere; undefined where no image has a mask
 */
export function masksOf(distances: readonly Distances[], side: number): tf.Tensor4D | undefined {
  if (!distances.some(({ mask }) => mask)) return undefined;
  const area = side * side;
  const values = new Float32Array(distances.length * area).fill(1);
  distances.forEach(({ mask }, i) => {
    if (mask) values.set(mask, i * area);
  });
  return tf.tensor4d(values, [distances.length, side, side, 1]);
}
