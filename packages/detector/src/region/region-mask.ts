import type { Placement } from '@ddad/images';
import type { RegionOfInterest } from './region-of-interest.js';
import { windsAround } from './winds-around.js';

export interface RegionMaskOptions {
  /** Side of the square map, pixels. */
  side: number;
  /** Size of the picture as it was given, upright, in pixels. */
  picture: { width: number; height: number };
  /** Where the picture lies in the map. */
  placement: Placement;
}

/**
 * Which pixels of a map are judged: those whose centres lie in the region.
 *
 * @returns `side * side` values row by row, 1 where it is judged and 0 elsewhere
 */
export function regionMask(
  { include, ignore }: RegionOfInterest,
  { side, picture, placement: { source, target } }: RegionMaskOptions,
): Uint8Array {
  const mask = new Uint8Array(side * side);
  for (let row = 0; row < side; row++) {
    const y = (source.y + ((row + 0.5 - target.y) * source.height) / target.height) / picture.height;
    for (let column = 0; column < side; column++) {
      const x = (source.x + ((column + 0.5 - target.x) * source.width) / target.width) / picture.width;
      const inside = include.length === 0 || include.some((polygon) => windsAround(polygon, x, y));
      if (inside && !ignore.some((polygon) => windsAround(polygon, x, y))) mask[row * side + column] = 1;
    }
  }
  return mask;
}
