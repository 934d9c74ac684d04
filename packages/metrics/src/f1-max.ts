import { scoreOf } from './keys.js';
import { splitPairs } from './split.js';
import { type Fold, foldOf, stepsOf } from './steps.js';

/** The best F1 and where it is reached. */
export interface F1Max {
  /** Harmonic mean of precision and recall, in (0, 1]. */
  f1: number;
  /** Share of the predicted defects that are defects. */
  precision: number;
  /** Share of the defects that are predicted. */
  recall: number;
  /** A score is predicted anomalous when it is >= this. */
  threshold: number;
}

/**
 * The largest F1 over all distinct thresholds; prediction = score >= threshold. Of several thresholds with the
 * same F1 it is the lowest (highest recall).
 * @param labels 0 (normal) or 1 (anomalous), one for each score
 * @param scores finite numbers, higher = more anomalous
 * @throws if a class is missing, lengths differ, a label is not 0 or 1, or a score is not finite
 */
export function f1Max(labels: ArrayLike<number>, scores: ArrayLike<number>): F1Max {
  return foldOf(f1MaxFold(), stepsOf(splitPairs('f1Max', labels, scores)));
}

export function f1MaxFold(): Fold<F1Max> {
  const best = { f1: 0, precision: 0, recall: 0, threshold: 0 };
  return {
    add({ positives, keys, tp, fp }) {
      let at = -1;
      for (let i = 0; i < tp.length; i++) {
        const f1 = (2 * tp[i]) / (positives + tp[i] + fp[i]);
        if (f1 >= best.f1) {
          best.f1 = f1;
          at = i;
        }
      }
      if (at < 0) return;
      best.precision = tp[at] / (tp[at] + fp[at]);
      best.recall = tp[at] / positives;
      best.threshold = scoreOf(keys[at], keys);
    },
    result: () => best,
  };
}
