import { type Placement, type Rectangle, toOriginal } from '@ddad/images';
import { locateDefects, type DefectRegion as MapRegion } from '@ddad/scoring';
import type { Config } from '../config.js';
import { centreBox } from './crop.js';

/** A connected part of the map at or above the threshold, without what only the blur of map and features adds. */
export interface Region extends MapRegion {
  /**
   * The smallest rectangle around it in the image as it was given, upright, in whole pixels; undefined where the region
   * lies on the bars that `fit: pad` added.
   */
  original?: Rectangle;
}

/** Where the defects of an image are. */
export interface Located {
  /** Highest peak first. */
  regions: Region[];
  /** 1 for each pixel of the map that belongs to a region, 0 elsewhere. */
  inRegion: Uint8Array;
}

/**
 * Regions of the scored part of a map, in pixels of the whole.
 *
 * @param map `width * height` values
 * @param options.width its columns @default `data.imageSize`
 * @param options.placement where the image lies in the map
 * @param options.mask 1 where it is judged, 0 elsewhere @default all of it is
 * @param options.image interleaved bytes at the map's size, at whose edges regions end @default the map alone tells
 */
export function regionsOf(
  map: Float32Array,
  { data, scoring }: Config,
  {
    width: columns = data.imageSize,
    threshold,
    placement,
    mask,
    image,
  }: { width?: number; threshold: number; placement: Placement; mask?: Uint8Array; image?: Uint8Array },
): Located {
  const side = data.imageSize;
  const rows = map.length / columns;
  const { top, left, height, width } =
    data.tiles === null ? centreBox(side, scoring.crop) : { top: 0, left: 0, height: rows, width: columns };
  const scored = map.map((value, i) => {
    const y = Math.floor(i / columns) - top;
    const x = (i % columns) - left;
    const isJudged = y >= 0 && y < height && x >= 0 && x < width && (!mask || mask[i] === 1);
    return isJudged ? value : Number.NEGATIVE_INFINITY;
  });
  const { regions, inside } = locateDefects(scored, { shape: [rows, columns], threshold, image, side });
  return {
    regions: regions.map((region) => {
      const original = toOriginal(region.box, placement);
      return original ? { ...region, original } : region;
    }),
    inRegion: inside,
  };
}
