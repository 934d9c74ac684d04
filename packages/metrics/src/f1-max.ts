import { scoreOf } from './keys.js';
import { forEachStep, type Ranked, rankScores } from './ranked.js';

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
  return f1MaxOf(rankScores('f1Max', labels, scores));
}

export function f1MaxOf(ranked: Ranked): F1Max {
  const positives = ranked.positives.length;
  const best = { f1: 0, tp: 0, fp: 0, key: 0 };
  forEachStep(ranked, ({ key, tp, fp }) => {
    const f1 = (2 * tp) / (positives + tp + fp);
    if (f1 >= best.f1) Object.assign(best, { f1, tp, fp, key });
  });
  return {
    f1: best.f1,
    precision: best.tp / (best.tp + best.fp),
    recall: best.tp / positives,
    threshold: scoreOf(best.key, ranked.positives),
  };
}
