import { checkOptions } from '@ddad/options';
import { checkMask } from './check-mask.js';
import { type Keys, splitKeys } from './keys.js';
import { checkImages, part } from './pixel-store.js';
import { sortKeys } from './sort-keys.js';
import { type Steps, stepsOf } from './steps.js';

/** Options of {@link aupimo}. */
export interface AupimoOptions {
  /** [images, height, width] of masks and maps. */
  shape: readonly [number, number, number];
  /** Smallest and largest false positive rate of the integral, 0 < lower < upper <= 1. @default [1e-5, 1e-4] */
  bounds?: readonly [number, number];
}

/** AUPIMO of a set of images. */
export interface Aupimo {
  /** Mean over the images with a defect. */
  mean: number;
  /** One value in [0, 1] for each image; NaN for images without a defect, which have none. */
  perImage: Float64Array;
}

/**
 * Area under the per-image overlap curve (Bertoldo et al., AUPIMO, BMVC 2024): for each defective image the mean
 * share of its defect pixels found, over false positive rates on the *good images only* between the bounds, on a
 * logarithmic axis. Exact: every distinct score of the good images is a threshold, and the overlap is linear in
 * the rate between two of them.
 * @param masks [n * h * w] row-major; non-zero = defect
 * @param maps [n * h * w] anomaly maps, finite, higher = more anomalous
 * @throws if there is no good or no defective image, sizes differ, or a map value is not finite
 */
export function aupimo(masks: ArrayLike<number>, maps: ArrayLike<number>, options: AupimoOptions): Aupimo {
  checkOptions('aupimo', options, { shape: true, bounds: true });
  const { shape, bounds = [1e-5, 1e-4] } = options;
  const [lower, upper] = bounds;
  if (!(lower > 0 && lower < upper && upper <= 1)) {
    throw new Error(`aupimo: bounds must satisfy 0 < lower < upper <= 1, got [${lower}, ${upper}]`);
  }
  checkImages('aupimo', masks, maps, shape);
  const [n, height, width] = shape;
  const size = height * width;
  const good: Keys[] = [];
  const defective: { image: number; positives: Keys }[] = [];
  for (let image = 0; image < n; image++) {
    const map = part(maps, image * size, (image + 1) * size);
    const mask = part(masks, image * size, (image + 1) * size);
    const at = (i: number) => `row ${Math.floor(i / width)}, column ${i % width} of image ${image}`;
    checkMask('aupimo', mask, at);
    const { positives, negatives } = splitKeys(map, mask, (i) => {
      throw new Error(`aupimo: maps must be finite, got ${map[i]} at ${at(i)}`);
    });
    if (positives.length === 0) good.push(negatives);
    else defective.push({ image, positives });
  }
  if (good.length === 0 || defective.length === 0) {
    throw new Error(`aupimo: needs good and defective images, got ${defective.length} defective of ${n}`);
  }
  const normals = sortKeys(good);
  const ends: [number, number] = [lower * normals.length, upper * normals.length];
  const perImage = new Float64Array(n).fill(Number.NaN);
  let sum = 0;
  const negatives = [head(normals, ends[1])];
  for (const { image, positives } of defective) {
    perImage[image] = area(stepsOf({ positives: [positives], negatives }), ends);
    sum += perImage[image];
  }
  return { mean: sum / defective.length, perImage };
}

/** The keys up to the `count`-th and all equal to it. */
function head(keys: Keys, count: number): Keys {
  let end = Math.ceil(count);
  while (end < keys.length && keys[end] === keys[end - 1]) end++;
  return keys.subarray(0, end);
}

/** Integral of the overlap over the logarithm of the number of false positives, divided by its length. */
function area({ positives, tp, fpAbove, fp }: Steps, [lower, upper]: readonly [number, number]): number {
  const clamp = (count: number) => Math.min(Math.max(count, lower), upper);
  let sum = 0;
  let found = 0;
  let last = 0;
  for (let i = 0; i < tp.length; i++) {
    sum += found * Math.log(clamp(fpAbove[i]) / clamp(last));
    if (fp[i] > fpAbove[i]) {
      const slope = (tp[i] - found) / (fp[i] - fpAbove[i]);
      sum += (found - fpAbove[i] * slope) * Math.log(clamp(fp[i]) / clamp(fpAbove[i]));
      sum += slope * (clamp(fp[i]) - clamp(fpAbove[i]));
    }
    found = tp[i];
    last = fp[i];
  }
  sum += found * Math.log(upper / clamp(last));
  return sum / Math.log(upper / lower) / positives;
}
