import { forEachStep, type Ranked, rankScores } from './ranked.js';

/**
 * Area under the ROC curve: the probability that a random anomalous score is higher than a random normal one,
 * ties counted one half (Mann-Whitney). Equals scikit-learn's `roc_auc_score`.
 * @param labels 0 (normal) or 1 (anomalous), one for each score
 * @param scores finite numbers, higher = more anomalous
 * @returns a number in [0, 1]
 * @throws if a class is missing, lengths differ, a label is not 0 or 1, or a score is not finite
 */
export function auroc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  return aurocOf(rankScores('auroc', labels, scores));
}

export function aurocOf(ranked: Ranked): number {
  const normals = ranked.negatives.length;
  let wins = 0;
  forEachStep(ranked, ({ count, fpAbove, fp }) => {
    wins += count * (2 * normals - fp - fpAbove);
  });
  return wins / (2 * ranked.positives.length * normals);
}
