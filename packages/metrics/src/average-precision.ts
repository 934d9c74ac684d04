import { splitPairs } from './split.js';
import { type Fold, foldOf, stepsOf } from './steps.js';

/**
 * Average precision: the sum over thresholds of precision times the gain in recall, in steps, not by the
 * trapezoid rule. Equals scikit-learn's `average_precision_score`.
 * @param labels 0 (normal) or 1 (anomalous), one for each score
 * @param scores finite numbers, higher = more anomalous
 * @returns a number in (0, 1]
 * @throws if a class is missing, lengths differ, a label is not 0 or 1, or a score is not finite
 */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  return foldOf(averagePrecisionFold(), stepsOf(splitPairs('averagePrecision', labels, scores)));
}

export function averagePrecisionFold(): Fold<number> {
  let sum = 0;
  let found = 0;
  return {
    add({ tp, fp }) {
      for (let i = 0; i < tp.length; i++) {
        sum += ((tp[i] - found) * tp[i]) / (tp[i] + fp[i]);
        found = tp[i];
      }
    },
    result: () => sum / found,
  };
}
