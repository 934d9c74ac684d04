import { type Rectangle, toOriginal } from '@ddad/images';
import { defectRegions } from '@ddad/scoring';
import type { PlacedMap } from './map-of.js';

/** A region on the picture. */
export interface ShownRegion extends Rectangle {
  peak: number;
}

/** The regions of a map at a threshold, in pixels of the picture, highest peak first. */
export function regionsAt({ values, width, height, placement }: PlacedMap, threshold: number): ShownRegion[] {
  // what is not judged is 0, and belongs to no region whatever the threshold
  const judged = values.map((value) => (value === 0 ? Number.NEGATIVE_INFINITY : value));
  return defectRegions(judged, { shape: [height, width], threshold }).flatMap(({ box, peak }) => {
    const original = toOriginal(box, placement);
    return original ? [{ ...original, peak }] : [];
  });
}
