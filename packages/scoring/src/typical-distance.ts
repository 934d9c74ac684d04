import { median } from './median.js';

/**
 * How far an image as a whole lies from good ones: the median of its distances to a memory of good features. A defect is a part
 * of an image and hardly moves it; a picture of something else, or a frame that stayed black, does.
 *
 * @param map D_m of one image, of `memoryDistance`
 * @throws if there is no value, or one is not finite
 */
export function typicalDistance(map: ArrayLike<number>): number {
  if (map.length === 0) throw new Error('typicalDistance: needs the distances of an image, got none');
  const value = median(map);
  if (!Number.isFinite(value))
    throw new Error(`typicalDistance: needs finite distances, got a median of ${value}`);
  return value;
}
