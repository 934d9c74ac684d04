import { checkOptions } from '@ddad/options';
import { checkPairs } from './check-pairs.js';

/** Counts of right and wrong predictions. */
export interface Confusion {
  /** Anomalous, predicted anomalous. */
  tp: number;
  /** Normal, predicted anomalous. */
  fp: number;
  /** Normal, predicted normal. */
  tn: number;
  /** Anomalous, predicted normal. */
  fn: number;
}

/**
 * Confusion counts at a threshold; prediction = score >= threshold.
 * @param labels 0 (normal) or 1 (anomalous), one for each score; one class alone is fine
 * @param scores finite numbers, higher = more anomalous
 * @param options.threshold a number, infinite ones included
 * @throws if there is no score, lengths differ, a label is not 0 or 1, a score is not finite, or the threshold is NaN
 */
export function confusion(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: { threshold: number },
): Confusion {
  checkOptions('confusion', options, { threshold: true });
  const { threshold } = options;
  checkPairs('confusion', labels, scores);
  if (typeof threshold !== 'number' || Number.isNaN(threshold)) {
    throw new Error(`confusion: threshold must be a number, got ${threshold}`);
  }
  const counts = { tp: 0, fp: 0, tn: 0, fn: 0 };
  for (let i = 0; i < scores.length; i++) {
    if (!Number.isFinite(scores[i])) {
      throw new Error(`confusion: scores must be finite, got ${scores[i]} at index ${i}`);
    }
    if (scores[i] >= threshold) counts[labels[i] === 1 ? 'tp' : 'fp']++;
    else counts[labels[i] === 1 ? 'fn' : 'tn']++;
  }
  return counts;
}
