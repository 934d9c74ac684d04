import { splitPairs } from './split.js';
import { type Fold, foldOf, stepsOf } from './steps.js';

/**
 * Area under the ROC curve: the probability that a random anomalous score is higher than a random normal one,
 * ties counted one half (Mann-Whitney). Equals scikit-learn's `roc_auc_score`.
 * @param labels 0 (normal) or 1 (anomalous), one for each score
 * @param scores finite numbers, higher = more anomalous
 * @returns a number in [0, 1]
 * @throws if a class is missing, lengths differ, a label is not 0 or 1, or a score is not finite
 */
export function auroc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  return foldOf(aurocFold(), stepsOf(splitPairs('auroc', labels, scores)));
}

export function aurocFold(): Fold<number> {
  let wins = 0;
  let found = 0;
  let pairs = 0;
  return {
    add({ positives, negatives, tp, fpAbove, fp }) {
      for (let i = 0; i < tp.length; i++) {
        wins += (tp[i] - found) * (2 * negatives - fp[i] - fpAbove[i]);
        found = tp[i];
      }
      pairs = positives * negatives;
    },
    result: () => wins / (2 * pairs),
  };
}
