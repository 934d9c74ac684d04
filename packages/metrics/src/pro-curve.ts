import { checkOptions } from '@ddad/options';
import { checkCounts, countsOf, storeOf } from './pixel-store.js';
import { thresholdCounts } from './threshold-counts.js';

/** Points of a per-region-overlap curve, from (0, 0) to (1, 1). */
export interface ProCurve {
  /** False positive rates over the normal pixels of all images, ascending. */
  fpr: Float64Array;
  /** Mean over regions of the share of the region found, ascending. */
  pro: Float64Array;
  /** Descending; prediction = score >= threshold. The first is Infinity: nothing is predicted. */
  thresholds: Float64Array;
}

/**
 * The curve under which {@link aupro} measures the area: (0, 0), then one point for each distinct score.
 * Takes 24 bytes a point; for large sets `aupro` alone needs far less.
 * @param masks [n * h * w] row-major; non-zero = defect
 * @param maps [n * h * w] anomaly maps, finite, higher = more anomalous
 * @param options.shape [images, height, width] of both
 * @throws if there is no region or no normal pixel, sizes differ, or a map value is not finite
 */
export function proCurve(
  masks: ArrayLike<number>,
  maps: ArrayLike<number>,
  options: { shape: readonly [number, number, number] },
): ProCurve {
  checkOptions('proCurve', options, { shape: true });
  const { shape } = options;
  const store = storeOf('proCurve', masks, maps, shape);
  const pixels = countsOf(store);
  checkCounts('proCurve', pixels);
  const counts = thresholdCounts(store);
  const points = counts.tp.length + 1;
  const curve = {
    fpr: new Float64Array(points),
    pro: new Float64Array(points),
    thresholds: new Float64Array(points),
  };
  curve.thresholds[0] = Number.POSITIVE_INFINITY;
  for (let i = 1; i < points; i++) {
    curve.fpr[i] = counts.fp[i - 1] / pixels.negatives;
    curve.pro[i] = counts.overlap[i - 1] / store.regions;
    curve.thresholds[i] = counts.thresholds[i - 1];
  }
  return curve;
}
