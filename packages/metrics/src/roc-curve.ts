import { splitPairs } from './split.js';
import { thresholdCounts } from './threshold-counts.js';

/** Points of a ROC curve, from (0, 0) to (1, 1). */
export interface RocCurve {
  /** False positive rates, ascending. */
  fpr: Float64Array;
  /** True positive rates, ascending. */
  tpr: Float64Array;
  /** Descending; prediction = score >= threshold. The first is Infinity: nothing is predicted anomalous. */
  thresholds: Float64Array;
}

/**
 * ROC curve with the points of scikit-learn's `roc_curve`: one for each distinct score, except those in the
 * middle of three equally spaced points on a line, which leave the curve as it is.
 * @param labels 0 (normal) or 1 (anomalous), one for each score
 * @param scores finite numbers, higher = more anomalous
 * @throws if a class is missing, lengths differ, a label is not 0 or 1, or a score is not finite
 */
export function rocCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): RocCurve {
  return rocCurveOf('rocCurve', labels, scores);
}

export function rocCurveOf(who: string, labels: ArrayLike<number>, scores: ArrayLike<number>): RocCurve {
  const { thresholds, tp, fp } = thresholdCounts(splitPairs(who, labels, scores));
  const last = tp.length - 1;
  const bends = (counts: Float64Array, i: number) => counts[i + 1] - counts[i] !== counts[i] - counts[i - 1];
  const kept: number[] = [];
  for (let i = 0; i <= last; i++) {
    if (i === 0 || i === last || bends(fp, i) || bends(tp, i)) kept.push(i);
  }
  const point = (value: (i: number) => number, first: number) =>
    Float64Array.from([first, ...kept.map(value)]);
  return {
    fpr: point((i) => fp[i] / fp[last], 0),
    tpr: point((i) => tp[i] / tp[last], 0),
    thresholds: point((i) => thresholds[i], Number.POSITIVE_INFINITY),
  };
}
