import { checkOptions } from '@ddad/options';
import { conformalGuarantee } from './conformal-guarantee.js';
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
  /**
   * `'estimate'`: where the rate is expected to be met, from few images by their distribution; `'conformal'`: where it
   * certainly is, whatever the distribution, as `conformalGuarantee` says.
   *
   * @default 'estimate'
   */
  rule?: 'estimate' | 'conformal';
  /**
   * Of the rule `conformal`: probability with which the rate is to be met; null: on average.
   *
   * @default null
   */
  confidence?: number | null;
}

export interface ScoreThreshold {
  /** An image is anomalous when its score >= threshold. */
  threshold: number;
  /**
   * `'quantile'`: the empirical quantile of the scores (interpolated linearly), used where there are at least
   * 1 / falseAlarmRate of them; `'log-normal'`: the quantile of a normal distribution fitted to their logarithms;
   * `'conformal'`: right above one of them.
   */
  method: 'quantile' | 'log-normal' | 'conformal';
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
  checkOptions('scoreThreshold', options, {
    ...{ scores: true, falseAlarmRate: true, rule: true, confidence: true },
  });
  const { scores, falseAlarmRate = 0.01, rule = 'estimate', confidence = null } = options;
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
  if (rule === 'conformal') {
    const { rank } = conformalGuarantee({ n, falseAlarmRate, confidence });
    return { threshold: nextAbove(values.toSorted()[rank - 1]), method: 'conformal', n };
  }
  return n * falseAlarmRate >= 1 - 1e-9
    ? { threshold: quantile(values, 1 - falseAlarmRate), method: 'quantile', n }
    : { threshold: logNormalQuantile(values, 1 - falseAlarmRate), method: 'log-normal', n };
}

/** The smallest number above, so that a score that ties with this one is no alarm. */
function nextAbove(value: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value === 0 ? 0 : value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value < 0 ? -1n : 1n));
  return bits.getFloat64(0);
}
