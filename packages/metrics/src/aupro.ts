import { checkOptions } from '@ddad/options';
import { ddadPro } from './ddad-pro.js';
import { checkCounts, countsOf, storeOf } from './pixel-store.js';
import { type Fold, foldOf, stepsOf } from './steps.js';

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
  checkOptions('aupro', options, { shape: true, limit: true, mode: true });
  const { shape, limit = 0.3, mode = 'exact' } = options;
  checkLimit('aupro', limit);
  if (mode === 'ddad') return ddadPro(masks, maps, { shape, limit });
  if (mode !== 'exact') throw new Error(`aupro: mode must be 'exact' or 'ddad', got '${mode}'`);
  const store = storeOf('aupro', masks, maps, shape);
  checkCounts('aupro', countsOf(store));
  return foldOf(auproFold({ regions: store.regions, limit }), stepsOf(store));
}

export function auproFold({ regions, limit }: { regions: number; limit: number }): Fold<number> {
  let end = 0;
  let area = 0;
  let overlap = 0;
  let last = 0;
  return {
    add(steps) {
      end = limit * steps.negatives;
      for (let i = 0; i < steps.keys.length && last < end; i++) {
        const above = steps.fpAbove[i];
        const at = steps.fp[i];
        area += (Math.min(above, end) - last) * overlap;
        const kept = Math.min(at, end) - above;
        if (kept > 0) area += kept * (overlap + (steps.overlap[i] * kept) / (at - above) / 2);
        overlap += steps.overlap[i];
        last = at;
      }
    },
    result: () => (area + Math.max(end - last, 0) * overlap) / (end * regions),
  };
}

/** Throws unless `limit` is in (0, 1]. */
export function checkLimit(who: string, limit: number): void {
  if (!(limit > 0 && limit <= 1)) throw new Error(`${who}: limit must be in (0, 1], got ${limit}`);
}
