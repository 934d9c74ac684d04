import { checkOptions } from '@ddad/options';
import { logNormalQuantile } from './log-normal-quantile.js';
import { quantile } from './quantile.js';

export interface ScoreThresholdOptions {
  /** Image score of each good image. */
  scores: ArrayLike<number>;
  /**
   * Fraction of good images that may be called anomalous, in (0, 1).
   *
   * @default 0.01
   */
  falseAlarmRate?: number;
}

export interface ScoreThreshold {
  /** An image is anomalous when its score >= threshold. */
  threshold: number;
  /**
   * `'quantile'`: the empirical quantile of the scores (interpolated linearly), used where there are at least
   * 1 / falseAlarmRate of them; `'log-normal'`: the quantile of a normal distribution fitted to their logarithms.
   */
  method: 'quantile' | 'log-normal';
  /** How many good images it rests on; `falseAlarmInterval` says how sure that makes the threshold. */
  n: number;
}

/** Of fewer images nothing can be said: with two, the threshold may call more than half of the good ones anomalous. */
const fewest = 3;

/**
 * The threshold from scores of good images that were not trained on.
 *
 * @throws Error where there are fewer than 3 scores, one is not finite, or one is not positive for a log-normal fit
 */
export function scoreThreshold(options: ScoreThresholdOptions): ScoreThreshold {
  checkOptions('scoreThreshold', options, { scores: true, falseAlarmRate: true });
  const { scores, falseAlarmRate = 0.01 } = options;
  if (!(falseAlarmRate > 0 && falseAlarmRate < 1)) {
    throw new Error(`calibrate: falseAlarmRate must lie between 0 and 1, got ${falseAlarmRate}`);
  }
  const values = Float64Array.from(scores);
  const n = values.length;
  if (n < fewest) {
    throw new Error(
      `calibrate: needs at least ${fewest} good images, got ${n}; a threshold from so few says nothing`,
    );
  }
  const broken = values.findIndex((score) => !Number.isFinite(score));
  if (broken >= 0)
    throw new Error(`calibrate: scores must be finite, got ${values[broken]} at index ${broken}`);
  return n * falseAlarmRate >= 1 - 1e-9
    ? { threshold: quantile(values, 1 - falseAlarmRate), method: 'quantile', n }
    : { threshold: logNormalQuantile(values, 1 - falseAlarmRate), method: 'log-normal', n };
}
