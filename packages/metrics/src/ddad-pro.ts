import { connectedComponents } from './connected-components.js';
import { checkImages, part } from './pixel-store.js';

const THRESHOLDS = 200;

/**
 * PRO as the DDAD reference computes it: maps scaled to [0, 1] over the set, thresholds k / 200, prediction =
 * strictly greater, points with FPR < limit divided by the largest kept FPR, trapezoid rule. Instead of one
 * pass for each threshold, a pixel is counted once under the number of thresholds it exceeds.
 */
export function ddadPro(
  masks: ArrayLike<number>,
  maps: ArrayLike<number>,
  { shape, limit }: { shape: readonly [number, number, number]; limit: number },
): number {
  checkImages('aupro', masks, maps, shape);
  const level = levels(maps, shape);
  const [n, height, width] = shape;
  const size = height * width;
  const falseCounts = new Float64Array(THRESHOLDS + 1);
  const overlaps = new Float64Array(THRESHOLDS + 1);
  let normalWeight = 0;
  let regions = 0;
  for (let image = 0; image < n; image++) {
    const ones = new Uint8Array(size);
    const map = part(maps, image * size, (image + 1) * size);
    let defects = 0;
    for (let i = 0; i < size; i++) {
      const m = masks[image * size + i];
      if (!(typeof m === 'number' && m >= 0 && m <= 1)) {
        throw new Error(
          `aupro: mode 'ddad' needs masks in [0, 1], got ${m} in image ${image}; divide by 255?`,
        );
      }
      normalWeight += 1 - m;
      if (m === 1) {
        ones[i] = 1;
        defects++;
      } else falseCounts[level(map[i])]++;
    }
    if (defects === 0) continue;
    const { labels, count } = connectedComponents(ones, { shape: [height, width] });
    const area = new Float64Array(count + 1);
    for (const region of labels) area[region]++;
    for (let i = 0; i < size; i++) if (labels[i] !== 0) overlaps[level(map[i])] += 1 / area[labels[i]];
    regions += count;
  }
  if (regions === 0)
    throw new Error("aupro: mode 'ddad' needs at least one region of mask pixels equal to 1, got 0");
  if (normalWeight === 0) throw new Error('aupro: needs at least one normal pixel, got 0');
  return area(falseCounts, overlaps, { normalWeight, regions, limit });
}

/** Returns the number of thresholds below a score, 0..200. Throws if a score is not finite or all are equal. */
function levels(maps: ArrayLike<number>, [, height, width]: readonly number[]): (score: number) => number {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < maps.length; i++) {
    const s = maps[i];
    if (!Number.isFinite(s)) {
      const image = Math.floor(i / (height * width));
      const row = Math.floor(i / width) % height;
      throw new Error(
        `aupro: maps must be finite, got ${s} at row ${row}, column ${i % width} of image ${image}`,
      );
    }
    if (s < min) min = s;
    if (s > max) max = s;
  }
  min = Math.fround(min);
  const range = Math.fround(Math.fround(max) - min);
  if (!(range > 0)) throw new Error(`aupro: mode 'ddad' has no answer for constant scores, all are ${min}`);
  const thresholds = Float32Array.from({ length: THRESHOLDS }, (_, k) => k * (1 / THRESHOLDS));
  return (score) => {
    const scaled = Math.fround(Math.fround(Math.fround(score) - min) / range);
    let level = Math.min(THRESHOLDS, Math.ceil(scaled * THRESHOLDS));
    while (level > 0 && !(scaled > thresholds[level - 1])) level--;
    while (level < THRESHOLDS && scaled > thresholds[level]) level++;
    return level;
  };
}

/** The trapezoid rule over the kept points, from the lowest threshold to the highest. */
function area(
  falseCounts: Float64Array,
  overlaps: Float64Array,
  { normalWeight, regions, limit }: { normalWeight: number; regions: number; limit: number },
): number {
  const kept: { fpr: number; pro: number }[] = [];
  let predicted = 0;
  let overlap = 0;
  for (let k = THRESHOLDS - 1; k >= 0; k--) {
    predicted += falseCounts[k + 1];
    overlap += overlaps[k + 1];
    const fpr = predicted / normalWeight;
    if (fpr < limit) kept.push({ fpr, pro: overlap / regions });
  }
  const largest = kept.at(-1)?.fpr ?? 0;
  if (kept.length < 2 || largest === 0) {
    throw new Error(
      `aupro: mode 'ddad' needs two of its ${THRESHOLDS} points with 0 <= FPR < ${limit}, one of them above 0, ` +
        `got ${kept.length} with a largest FPR of ${largest}; use mode 'exact'`,
    );
  }
  let sum = 0;
  for (let i = 1; i < kept.length; i++) {
    sum += ((kept[i].fpr - kept[i - 1].fpr) * (kept[i].pro + kept[i - 1].pro)) / 2;
  }
  return sum / largest;
}
