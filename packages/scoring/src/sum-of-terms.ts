import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { gaussianBlur } from './gaussian-blur.js';
import { checkSameShape } from './shapes.js';

/** A distance in a sum. */
export interface WeightedTerm {
  /** `[n, h, w, 1]`. */
  distance: tf.Tensor4D;
  /** Of `termScale`. */
  scale: number;
  weight: number;
}

/**
 * The anomaly map `blur(sum of weight * distance / scale)`, each image by itself. A term whose scale is 0,
 * one that is the same all over good images, is left out.
 *
 * @param options.sigma standard deviation of the blur, in pixels; 0 for none
 * @returns `[n, h, w, 1]`; the higher, the more anomalous
 * @throws if there is no term, shapes differ, or a weight is negative or not finite
 */
export function sumOfTerms(
  terms: Readonly<Record<string, WeightedTerm>>,
  options: { sigma: number },
): tf.Tensor4D {
  checkOptions('sumOfTerms', options, { sigma: true });
  const { sigma } = options;
  const named = Object.entries(terms);
  if (named.length === 0) throw new Error('sumOfTerms: needs at least one term, got none');
  const [[first, { distance: like }]] = named;
  for (const [name, { distance, scale, weight }] of named) {
    checkSameShape('sumOfTerms', [first, name], like, distance);
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new Error(`sumOfTerms: the weight of ${name} must be a finite number >= 0, got ${weight}`);
    }
    if (!(scale >= 0 && scale < Number.POSITIVE_INFINITY)) {
      throw new Error(`sumOfTerms: the scale of ${name} must be a finite number >= 0, got ${scale}`);
    }
  }
  return tf.tidy(() => {
    const parts = named
      .filter(([, { scale, weight }]) => scale > 0 && weight > 0)
      .map(([, { distance, scale, weight }]) => tf.mul(distance, weight / scale));
    const sum = parts.length ? parts.reduce((a, b) => tf.add(a, b)) : tf.zerosLike(like);
    return gaussianBlur(sum as tf.Tensor4D, sigma);
  });
}
