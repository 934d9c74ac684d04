import { guidedRegion } from './guided-region.js';
import { regionPixels } from './region-pixels.js';

/** What {@link defectPixels} needs beside a map. */
export interface DefectPixelsOptions {
  /** Height and width of the map. */
  shape: readonly [number, number];
  /** No pixel of a lower value belongs to a defect. */
  threshold: number;
  /**
   * The image at the map's size, 0 to 255, row by row, interleaved: with it, outlines follow its edges, see
   * {@link guidedRegion}.
   *
   * @default what belongs to a defect is told by the map alone
   */
  image?: ArrayLike<number>;
  /**
   * See {@link regionPixels}; 0: all at or above the threshold, whatever the image says.
   *
   * @default 0.75
   */
  share?: number;
  /**
   * Of what was seen at once, where the map was put together from tiles, pixels.
   *
   * @default the map's longer side
   */
  side?: number;
}

/**
 * Which pixels of a map belong to a defect: {@link regionPixels}, and where there is an image, {@link guidedRegion} of them.
 *
 * @param map values row by row; what is not judged is 0, or -Infinity
 * @returns 1 for each such pixel, 0 elsewhere
 */
export function defectPixels(
  map: ArrayLike<number>,
  { shape, threshold, image, share, side }: DefectPixelsOptions,
): Uint8Array {
  const region = regionPixels(map, shape, threshold, share, side);
  if (!image || share === 0) return region;
  return guidedRegion(region, { shape, map, threshold, image, side });
}
