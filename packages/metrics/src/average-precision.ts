import { forEachStep, type Ranked, rankScores } from './ranked.js';

/**
 * Average precision: the sum over thresholds of precision times the gain in recall, in steps, not by the
 * trapezoid rule. Equals scikit-learn's `average_precision_score`.
 * @param labels 0 (normal) or 1 (anomalous), one for each score
 * @param scores finite numbers, higher = more anomalous
 * @returns a number in (0, 1]
 * @throws if a class is missing, lengths differ, a label is not 0 or 1, or a score is not finite
 */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  return averagePrecisionOf(rankScores('averagePrecision', labels, scores));
}

export function averagePrecisionOf(ranked: Ranked): number {
  let sum = 0;
  forEachStep(ranked, ({ count, tp, fp }) => {
    sum += (count * tp) / (tp + fp);
  });
  return sum / ranked.positives.length;
}
