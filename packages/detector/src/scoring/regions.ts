import { type Placement, type Rectangle, toOriginal } from '@ddad/images';
import { defectRegions, type DefectRegion as MapRegion } from '@ddad/scoring';
import type { Config } from '../config.js';
import { centreBox } from './crop.js';

/** A connected part of the map at or above the threshold, without what only the map's blur adds. */
export interface Region extends MapRegion {
  /**
   * The smallest rectangle around it in the image as it was given, upright, in whole pixels; undefined where the region
   * lies on the bars that `fit: pad` added.
   */
  original?: Rectangle;
}

/**
 * Regions of the scored part of a map, in pixels of the whole, highest peak first.
 *
 * @param map `imageSize * imageSize` values
 * @param options.placement where the image lies in the map
 * @param options.mask 1 where it is judged, 0 elsewhere @default all of it is
 */
export function regionsOf(
  map: Float32Array,
  { data, scoring }: Config,
  { threshold, placement, mask }: { threshold: number; placement: Placement; mask?: Uint8Array },
): Region[] {
  const side = data.imageSize;
  const { top, left, height, width } = centreBox(side, scoring.crop);
  const scored = map.map((value, i) => {
    const y = Math.floor(i / side) - top;
    const x = (i % side) - left;
    const isJudged = y >= 0 && y < height && x >= 0 && x < width && (!mask || mask[i] === 1);
    return isJudged ? value : Number.NEGATIVE_INFINITY;
  });
  return defectRegions(scored, { shape: [side, side], threshold }).map((region) => {
    const original = toOriginal(region.box, placement);
    return original ? { ...region, original } : region;
  });
}
