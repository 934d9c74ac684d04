import { scoreOf } from './keys.js';
import { splitPairs } from './split.js';
import { type Steps, stepsOf } from './steps.js';

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
  return f1MaxOf(stepsOf(splitPairs('f1Max', labels, scores)));
}

export function f1MaxOf({ positives, keys, tp, fp }: Steps): F1Max {
  const f1At = (i: number) => (2 * tp[i]) / (positives + tp[i] + fp[i]);
  let best = 0;
  for (let i = 1; i < tp.length; i++) if (f1At(i) >= f1At(best)) best = i;
  return {
    f1: f1At(best),
    precision: tp[best] / (tp[best] + fp[best]),
    recall: tp[best] / positives,
    threshold: scoreOf(keys[best], keys),
  };
}
