import { foreignLimit, typicalDistance } from '@ddad/scoring';
import type { DetectorCalibration } from '../manifest.js';
import type { Distances } from './distances.js';

/**
 * How far good images lie from the memory as a whole, and the limit that follows; nothing without a memory, or where one of
 * them is all in it.
 */
export function typicalOf(distances: readonly number[]): Pick<DetectorCalibration, 'typical'> {
  return distances.length >= 3 && distances.every((distance) => distance > 0)
    ? { typical: { distances: [...distances], limit: foreignLimit(distances) } }
    : {};
}

/** The typical distance of each image, over what of it is judged; none without a memory. */
export function typicalDistances(images: readonly Distances[]): number[] {
  return images.flatMap(({ memory, mask }) =>
    memory ? [typicalDistance(mask ? memory.filter((_, at) => mask[at] === 1) : memory)] : [],
  );
}

/**
 * Whether an image is no picture of the part that a detector was made for; undefined where its calibration does not say.
 *
 * @param image its distances, or its typical distance
 */
export function isForeign(
  image: Distances | number | undefined,
  calibration: DetectorCalibration | null,
): boolean | undefined {
  const limit = calibration?.typical?.limit;
  if (limit === undefined) return undefined;
  const [typical] = typeof image === 'object' ? typicalDistances([image]) : [image];
  return typical === undefined ? undefined : typical > limit;
}
