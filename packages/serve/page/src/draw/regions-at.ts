import { type Rectangle, toOriginal } from '@ddad/images';
import { centerCrop, defectRegions } from '@ddad/scoring';
import type { PlacedMap } from './map-of.js';

/** A region on the picture. */
export interface ShownRegion extends Rectangle {
  peak: number;
}

/** The regions of a map at a threshold, in pixels of the picture, highest peak first. */
export function regionsAt(
  { values, width, height, placement, crop, side, image }: PlacedMap,
  threshold: number,
): ShownRegion[] {
  // what is not judged is 0, and belongs to no region whatever the threshold
  const scored = centerCrop([height, width], crop ?? 1);
  const judged = values.map((value, i) => {
    const x = (i % width) - scored.left;
    const y = Math.floor(i / width) - scored.top;
    const isJudged = value !== 0 && x >= 0 && x < scored.width && y >= 0 && y < scored.height;
    return isJudged ? value : Number.NEGATIVE_INFINITY;
  });
  return defectRegions(judged, { shape: [height, width], threshold, image, side }).flatMap(
    ({ box, peak }) => {
      const original = toOriginal(box, placement);
      return original ? [{ ...original, peak }] : [];
    },
  );
}
