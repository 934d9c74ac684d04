import { splitPairs } from './split.js';
import { thresholdCounts } from './threshold-counts.js';

/** Points of a precision-recall curve, by ascending threshold. */
export interface PrecisionRecallCurve {
  /** One for each threshold, then a last 1. */
  precision: Float64Array;
  /** Descending: one for each threshold, then a last 0. */
  recall: Float64Array;
  /** Every distinct score, ascending; prediction = score >= threshold. */
  thresholds: Float64Array;
}

/**
 * Precision and recall at every distinct score, as scikit-learn's `precision_recall_curve` gives them: ascending
 * thresholds, and at the end the point (recall 0, precision 1) that has no threshold.
 * @param labels 0 (normal) or 1 (anomalous), one for each score
 * @param scores finite numbers, higher = more anomalous
 * @throws if a class is missing, lengths differ, a label is not 0 or 1, or a score is not finite
 */
export function precisionRecallCurve(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): PrecisionRecallCurve {
  const { thresholds, tp, fp } = thresholdCounts(splitPairs('precisionRecallCurve', labels, scores));
  const n = tp.length;
  const precision = new Float64Array(n + 1);
  const recall = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    precision[n - 1 - i] = tp[i] / (tp[i] + fp[i]);
    recall[n - 1 - i] = tp[i] / tp[n - 1];
  }
  precision[n] = 1;
  return { precision, recall, thresholds: thresholds.reverse() };
}
