import { ddadPro } from './ddad-pro.js';
import { rankStore, storeOf } from './pixel-store.js';
import { forEachStep, type Ranked } from './ranked.js';

/** Options of {@link aupro}. */
export interface AuproOptions {
  /** [images, height, width] of masks and maps. */
  shape: readonly [number, number, number];
  /** Largest false positive rate of the integral, in (0, 1]. @default 0.3 */
  limit?: number;
  /**
   * `'exact'`: every distinct score is a threshold (MVTec's definition).
   * `'ddad'`: as the DDAD reference computes it, with 200 thresholds between minimum and maximum, to compare
   * with its published table; not invariant under a monotone change of the scores. @default 'exact'
   */
  mode?: 'exact' | 'ddad';
}

/**
 * Area under the per-region-overlap curve up to a false positive rate, divided by that rate (Bergmann et al.,
 * MVTec AD, IJCV 2021, section 5). Regions are 8-connected; FPR counts the normal pixels of all images, good ones
 * included; PRO is the mean over regions of the share of the region found.
 * @param masks [n * h * w] row-major; non-zero = defect. Mode `'ddad'`: values in [0, 1], only 1 belongs to regions
 * @param maps [n * h * w] anomaly maps, finite, higher = more anomalous. Mode `'ddad'` rounds them to float32
 * @returns a number in [0, 1]
 * @throws if there is no region or no normal pixel, sizes differ, or a map value is not finite
 */
export function aupro(masks: ArrayLike<number>, maps: ArrayLike<number>, options: AuproOptions): number {
  const { shape, limit = 0.3, mode = 'exact' } = options;
  checkLimit('aupro', limit);
  if (mode === 'ddad') return ddadPro(masks, maps, { shape, limit });
  if (mode !== 'exact') throw new Error(`aupro: mode must be 'exact' or 'ddad', got '${mode}'`);
  const store = storeOf('aupro', masks, maps, shape);
  return auproOf(rankStore('aupro', store), store.regions, limit);
}

export function auproOf(ranked: Ranked, regions: number, limit: number): number {
  const end = limit * ranked.negatives.length;
  let area = 0;
  let overlap = 0;
  let last = 0;
  forEachStep(ranked, (step) => {
    area += (Math.min(step.fpAbove, end) - Math.min(last, end)) * overlap;
    const wide = step.fp - step.fpAbove;
    const kept = Math.min(step.fp, end) - Math.min(step.fpAbove, end);
    if (kept > 0) area += kept * (overlap + (step.overlap * kept) / wide / 2);
    overlap += step.overlap;
    last = step.fp;
  });
  area += (end - Math.min(last, end)) * overlap;
  return area / (end * regions);
}

/** Throws unless `limit` is in (0, 1]. */
export function checkLimit(who: string, limit: number): void {
  if (!(limit > 0 && limit <= 1)) throw new Error(`${who}: limit must be in (0, 1], got ${limit}`);
}
