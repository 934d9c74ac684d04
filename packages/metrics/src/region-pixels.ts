/**
 * What of a map belongs to a defect. The blur of a map spreads a defect far beyond where it ends: pixels at or above the
 * threshold belong to it that, above the map's median, have at least `share` of the largest value near them, within a
 * twenty-fifth of the map's longer side. So each defect is measured by its own height, and the highest pixel of its
 * neighbourhood always belongs to one. How share and distance were chosen: docs/decisions/0018.
 *
 * Uses nothing from outside: a report embeds its source.
 *
 * @param map values row by row; what is not judged is 0, or -Infinity
 * @param shape height and width of the map
 * @param share 0: all at or above the threshold. @default 0.75
 * @param side of what was seen at once, where the map was put together from tiles. @default the map's longer side
 * @returns 1 for each such pixel, 0 elsewhere
 */
export function regionPixels(
  map: ArrayLike<number>,
  [height, width]: readonly [number, number],
  threshold: number,
  share = 0.75,
  side = Math.max(height, width),
): Uint8Array {
  const area = height * width;
  const out = new Uint8Array(area);
  let [top, left, bottom, right] = [height, width, -1, -1];
  for (let i = 0; i < area; i++) {
    if (!(map[i] >= threshold)) continue;
    out[i] = 1;
    const x = i % width;
    bottom = (i - x) / width;
    top = Math.min(top, bottom);
    left = Math.min(left, x);
    right = Math.max(right, x);
  }
  if (bottom < 0 || share === 0) return out;
  const judged = new Float64Array(area);
  let judgedCount = 0;
  for (let i = 0; i < area; i++) if (map[i] > 0) judged[judgedCount++] = map[i];
  const middle = judgedCount > 0 ? judged.subarray(0, judgedCount).sort()[judgedCount >> 1] : 0;
  const reach = Math.max(1, Math.round(side / 25));
  const across = new Float64Array(area);
  for (let y = Math.max(0, top - reach); y <= Math.min(height - 1, bottom + reach); y++) {
    for (let x = left; x <= right; x++) {
      let largest = Number.NEGATIVE_INFINITY;
      const last = Math.min(width - 1, x + reach);
      for (let at = Math.max(0, x - reach); at <= last; at++) {
        largest = Math.max(largest, map[y * width + at]);
      }
      across[y * width + x] = largest;
    }
  }
  for (let i = 0; i < area; i++) {
    if (!out[i]) continue;
    const x = i % width;
    const y = (i - x) / width;
    let largest = Number.NEGATIVE_INFINITY;
    const last = Math.min(height - 1, y + reach);
    for (let at = Math.max(0, y - reach); at <= last; at++) {
      largest = Math.max(largest, across[at * width + x]);
    }
    if (!(map[i] - middle >= share * (largest - middle))) out[i] = map[i] === largest ? 1 : 0;
  }
  return out;
}
