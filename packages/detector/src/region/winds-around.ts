import type { Polygon } from './region-of-interest.js';

/** Whether a point lies inside of a polygon by the non-zero rule, as a canvas fills it. */
export function windsAround(polygon: Polygon, x: number, y: number): boolean {
  let winding = 0;
  let [ax, ay] = polygon[polygon.length - 1];
  for (const [bx, by] of polygon) {
    const side = (bx - ax) * (y - ay) - (x - ax) * (by - ay);
    if (ay <= y && by > y && side > 0) winding++;
    else if (by <= y && ay > y && side < 0) winding--;
    [ax, ay] = [bx, by];
  }
  return winding !== 0;
}
