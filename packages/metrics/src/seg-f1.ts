import { checkOptions } from '@ddad/options';
import { checkMask } from './check-mask.js';

/** One image of {@link segF1}: mask and map of the same length, row-major. */
export interface SegF1Image {
  /** Non-zero = defect. */
  mask: ArrayLike<number>;
  /** Anomaly map, finite, higher = more anomalous. */
  map: ArrayLike<number>;
}

/**
 * F1 of binary segmentation over the pixels of all images, good ones included, at one threshold that the test set has no part
 * in ({@link goodPixelThreshold}): `2 TP / (2 TP + FP + FN)`, prediction = score >= threshold (Heckler-Kram et al., The
 * MVTec AD 2 Dataset, arXiv 2503.21622: SegF1).
 * @param images taken one after the other, of any sizes; none is kept
 * @param options.threshold a number, infinite ones included
 * @returns a number in [0, 1]
 * @throws if there is no image or no defect pixel, lengths differ, a value is not a number or not finite, or the threshold is NaN
 */
export function segF1(images: Iterable<SegF1Image>, options: { threshold: number }): number {
  checkOptions('segF1', options, { threshold: true });
  const { threshold } = options;
  if (typeof threshold !== 'number' || Number.isNaN(threshold)) {
    throw new Error(`segF1: threshold must be a number, got ${threshold}`);
  }
  let [found, predicted, defects, count] = [0, 0, 0, 0];
  for (const { mask, map } of images) {
    const place = (i: number) => `pixel ${i} of image ${count}`;
    if (mask.length !== map.length) {
      throw new Error(
        `segF1: mask and map of image ${count} must have as many pixels, got ${mask.length} and ${map.length}`,
      );
    }
    checkMask('segF1', mask, place);
    for (let i = 0; i < map.length; i++) {
      if (!Number.isFinite(map[i]))
        throw new Error(`segF1: maps must be finite, got ${map[i]} at ${place(i)}`);
      const isPredicted = map[i] >= threshold;
      if (isPredicted) predicted++;
      if (mask[i] !== 0) {
        defects++;
        if (isPredicted) found++;
      }
    }
    count++;
  }
  if (defects === 0) throw new Error(`segF1: needs at least one defect pixel, got none in ${count} images`);
  return (2 * found) / (predicted + defects);
}
