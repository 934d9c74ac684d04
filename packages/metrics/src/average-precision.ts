import { splitPairs } from './split.js';
import { type Steps, stepsOf } from './steps.js';

/**
 * Average precision: the sum over thresholds of precision times the gain in recall, in steps, not by the
 * trapezoid rule. Equals scikit-learn's `average_precision_score`.
 * @param labels 0 (normal) or 1 (anomalous), one for each score
 * @param scores finite numbers, higher = more anomalous
 * @returns a number in (0, 1]
 * @throws if a class is missing, lengths differ, a label is not 0 or 1, or a score is not finite
 */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  return averagePrecisionOf(stepsOf(splitPairs('averagePrecision', labels, scores)));
}

export function averagePrecisionOf({ positives, tp, fp }: Steps): number {
  let sum = 0;
  for (let i = 0; i < tp.length; i++) {
    const count = tp[i] - (i === 0 ? 0 : tp[i - 1]);
    sum += (count * tp[i]) / (tp[i] + fp[i]);
  }
  return sum / positives;
}
