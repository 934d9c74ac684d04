import { quantile } from './quantile.js';

/** Positions below this share of the largest distance are as in a good image, to rounding. */
const same = 1e-3;

/**
 * How far an image as a whole lies from good ones: the lower quartile of its distances to a memory of good features. A defect
 * leaves most of an image as it was and hardly moves it; in a picture of something else, or a frame that stayed black, even what
 * is known best lies far off. Positions that are exactly as in a good image, such as the bars beside a padded one, say nothing
 * and are left out.
 *
 * @param map D_m of one image, of `memoryDistance`
 * @returns 0 where all is as in a good image
 * @throws if there is no value, or one is not finite
 */
export function typicalDistance(map: ArrayLike<number>): number {
  if (map.length === 0) throw new Error('typicalDistance: needs the distances of an image, got none');
  const values = Float64Array.from(map);
  let largest = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) throw new Error(`typicalDistance: needs finite distances, got ${value}`);
    if (value > largest) largest = value;
  }
  let told = 0;
  for (const value of values) if (value > same * largest) values[told++] = value;
  return told ? quantile(values.subarray(0, told), 0.25) : 0;
}
