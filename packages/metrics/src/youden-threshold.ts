import { rocCurveOf } from './roc-curve.js';

/**
 * Threshold of the largest TPR - FPR (Youden's J) over the points of scikit-learn's `roc_curve`, the highest
 * threshold of several. Infinity if no threshold is better than calling everything normal.
 * @param labels 0 (normal) or 1 (anomalous), one for each score
 * @param scores finite numbers, higher = more anomalous
 * @throws if a class is missing, lengths differ, a label is not 0 or 1, or a score is not finite
 */
export function youdenThreshold(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const { fpr, tpr, thresholds } = rocCurveOf('youdenThreshold', labels, scores);
  let best = 0;
  for (let i = 1; i < thresholds.length; i++) if (tpr[i] - fpr[i] > tpr[best] - fpr[best]) best = i;
  return thresholds[best];
}
