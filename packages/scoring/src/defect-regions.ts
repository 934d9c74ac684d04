import { defectPixels } from '@ddad/metrics/regions';
import { checkOptions } from '@ddad/options';

export interface DefectRegionsOptions {
  /** Height and width of the map, in pixels. */
  shape: [number, number];
  /** No pixel of a lower value belongs to a region. */
  threshold: number;
  /**
   * The image at the map's size, 0 to 255, row-major, interleaved: with it, regions end at its edges, see `guidedRegion` of
   * @ddad/metrics/regions.
   *
   * @default the map alone says where they end
   */
  image?: ArrayLike<number>;
  /**
   * Of the largest value near them, what pixels of a region have at least, see `regionPixels` of @ddad/metrics; 0: all at or
   * above the threshold belong to one.
   *
   * @default 0.75
   */
  share?: number;
  /**
   * Of a map that was put together from tiles: the side of a tile, pixels. What is near is a share of it.
   *
   * @default the map's longer side
   */
  side?: number;
  /**
   * Regions of fewer pixels are left out.
   *
   * @default 1
   */
  minArea?: number;
}

export interface DefectRegion {
  /** Smallest rectangle around the region, in pixels from the upper left corner of the map. */
  box: { x: number; y: number; width: number; height: number };
  /** Number of pixels. */
  area: number;
  /** Largest value in the region. */
  peak: number;
  /** Mean position of the region's pixels; a pixel's position is its column and row. */
  centroid: { x: number; y: number };
}

/** The defects of a map. */
export interface LocatedDefects {
  /** Highest peak first. */
  regions: DefectRegion[];
  /** 1 for each pixel of a defect, 0 elsewhere, row-major. */
  inside: Uint8Array;
}

/**
 * The connected regions (8 neighbours) of the pixels of a map that `defectPixels` of @ddad/metrics/regions takes for defects, highest
 * peak first.
 *
 * @param map One map, row-major.
 * @throws Error where map or image do not have the given shape, or the map holds NaN.
 */
export function defectRegions(map: ArrayLike<number>, options: DefectRegionsOptions): DefectRegion[] {
  return locate('defectRegions', map, options).regions;
}

/** {@link defectRegions} with the pixels that they consist of, and those of regions that `minArea` leaves out. */
export function locateDefects(map: ArrayLike<number>, options: DefectRegionsOptions): LocatedDefects {
  return locate('locateDefects', map, options);
}

function locate(who: string, map: ArrayLike<number>, options: DefectRegionsOptions): LocatedDefects {
  checkOptions(who, options, {
    shape: true,
    threshold: true,
    image: true,
    share: true,
    side: true,
    minArea: true,
  });
  const {
    shape: [height, width],
    threshold,
    image,
    share,
    side,
    minArea = 1,
  } = options;
  if (map.length !== height * width) {
    throw new Error(`${who}: shape [${height},${width}] needs ${height * width} values, got ${map.length}`);
  }
  if (Number.isNaN(threshold)) throw new Error(`${who}: threshold must be a number, got NaN`);
  if (share !== undefined && !(share >= 0 && share <= 1)) {
    throw new Error(`${who}: share must lie between 0 and 1, got ${share}`);
  }
  for (let i = 0; i < map.length; i++) {
    if (Number.isNaN(map[i])) throw new Error(`${who}: the map is NaN at index ${i}`);
  }
  const inside = defectPixels(map, { shape: [height, width], threshold, image, share, side });
  const seen = new Uint8Array(map.length);
  const stack: number[] = [];
  const regions: DefectRegion[] = [];
  for (let start = 0; start < map.length; start++) {
    if (seen[start] || !inside[start]) continue;
    const region = grow(start);
    if (region.area >= minArea) regions.push(region);
  }
  return { regions: regions.sort((a, b) => b.peak - a.peak), inside };

  function grow(start: number): DefectRegion {
    let [left, right, top, bottom] = [width, -1, height, -1];
    let [area, sumX, sumY, peak] = [0, 0, 0, Number.NEGATIVE_INFINITY];
    stack.push(start);
    seen[start] = 1;
    while (stack.length > 0) {
      const at = stack.pop()!;
      const x = at % width;
      const y = (at - x) / width;
      area++;
      sumX += x;
      sumY += y;
      if (map[at] > peak) peak = map[at];
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const next = ny * width + nx;
          if (seen[next] || !inside[next]) continue;
          seen[next] = 1;
          stack.push(next);
        }
      }
    }
    return {
      box: { x: left, y: top, width: right - left + 1, height: bottom - top + 1 },
      area,
      peak,
      centroid: { x: sumX / area, y: sumY / area },
    };
  }
}
