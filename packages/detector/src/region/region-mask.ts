import type { Placement } from '@ddad/images';
import type { Polygon, RegionOfInterest } from './region-of-interest.js';

export interface RegionMaskOptions {
  /** Size of the map, pixels. */
  width: number;
  height: number;
  /** Size of the picture as it was given, upright, in pixels. */
  picture: { width: number; height: number };
  /** Where the picture lies in the map. */
  placement: Placement;
}

/**
 * Which pixels of a map are judged: those whose centres lie in the region.
 *
 * @returns `width * height` values row by row, 1 where it is judged and 0 elsewhere
 */
export function regionMask(
  { include, ignore }: RegionOfInterest,
  { width, height, picture, placement: { source, target } }: RegionMaskOptions,
): Uint8Array {
  const mask = new Uint8Array(width * height);
  const xs = Float64Array.from(
    { length: width },
    (_, column) => (source.x + ((column + 0.5 - target.x) * source.width) / target.width) / picture.width,
  );
  for (let row = 0; row < height; row++) {
    const y = (source.y + ((row + 0.5 - target.y) * source.height) / target.height) / picture.height;
    const line = mask.subarray(row * width, (row + 1) * width);
    if (include.length === 0) line.fill(1);
    for (const polygon of include) paint(line, 1, crossings(polygon, y), xs);
    for (const polygon of ignore) paint(line, 0, crossings(polygon, y), xs);
  }
  return mask;
}

/** Where a horizontal line meets a polygon, from left to right, and by how much the winding changes left of it. */
function crossings(polygon: Polygon, y: number): { x: number; turn: 1 | -1 }[] {
  const found: { x: number; turn: 1 | -1 }[] = [];
  let [ax, ay] = polygon[polygon.length - 1];
  for (const [bx, by] of polygon) {
    if (ay <= y !== by <= y) {
      found.push({ x: ax + ((bx - ax) * (y - ay)) / (by - ay), turn: by > ay ? 1 : -1 });
    }
    [ax, ay] = [bx, by];
  }
  return found.sort((a, b) => a.x - b.x);
}

/** Sets the pixels that the polygon winds around, by the non-zero rule. */
function paint(
  line: Uint8Array,
  value: 0 | 1,
  found: readonly { x: number; turn: 1 | -1 }[],
  xs: Float64Array,
): void {
  if (found.length === 0) return;
  let winding = found.reduce((sum, { turn }) => sum + turn, 0);
  let next = 0;
  for (let column = 0; column < line.length; column++) {
    while (next < found.length && found[next].x <= xs[column]) winding -= found[next++].turn;
    if (winding !== 0) line[column] = value;
  }
}
