import { type DistanceMaxima, distanceRatio } from './distance-ratio.js';
import { normalQuantile } from './normal-quantile.js';

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
  /** How many good images it rests on. */
  n: number;
}

export interface CalibrateOptions extends DistanceMaxima, ScoreThresholdOptions {
  /** Image score of each good image, from maps with {@link distanceRatio} of the same maxima. */
  scores: ArrayLike<number>;
}

export interface Calibration extends ScoreThreshold {
  /** For `anomalyMap({ normalization: { ratio } })`. */
  ratio: number;
}

/**
 * Ratio and threshold from good images that were not trained on. Needs no defective image.
 *
 * @throws Error where the lengths differ, a number is not finite, or a log-normal fit lacks two positive scores.
 */
export function calibrate({
  pixelMaxima,
  featureMaxima,
  scores,
  falseAlarmRate,
}: CalibrateOptions): Calibration {
  const n = scores.length;
  if (n !== pixelMaxima.length || n !== featureMaxima.length) {
    throw new Error(
      `calibrate: needs one pixel maximum, feature maximum and score per image, got ${pixelMaxima.length}, ` +
        `${featureMaxima.length} and ${n}`,
    );
  }
  const ratio = distanceRatio({ pixelMaxima, featureMaxima });
  return { ratio, ...scoreThreshold({ scores, falseAlarmRate }) };
}

/**
 * The threshold from scores of good images that were not trained on.
 *
 * @throws Error where a number is not finite, or a log-normal fit lacks two positive scores.
 */
export function scoreThreshold({ scores, falseAlarmRate = 0.01 }: ScoreThresholdOptions): ScoreThreshold {
  if (!(falseAlarmRate > 0 && falseAlarmRate < 1)) {
    throw new Error(`calibrate: falseAlarmRate must lie between 0 and 1, got ${falseAlarmRate}`);
  }
  const values = Float64Array.from(scores);
  const n = values.length;
  const broken = values.findIndex((score) => !Number.isFinite(score));
  if (broken >= 0)
    throw new Error(`calibrate: scores must be finite, got ${values[broken]} at index ${broken}`);
  return n * falseAlarmRate >= 1 - 1e-9
    ? { threshold: quantile(values, 1 - falseAlarmRate), method: 'quantile', n }
    : { threshold: logNormalQuantile(values, 1 - falseAlarmRate), method: 'log-normal', n };
}

function quantile(values: Float64Array, p: number): number {
  const sorted = values.toSorted();
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

function logNormalQuantile(values: Float64Array, p: number): number {
  const n = values.length;
  if (n < 2) throw new Error(`calibrate: needs at least 2 good images to fit a distribution, got ${n}`);
  const unusable = values.findIndex((score) => score <= 0);
  if (unusable >= 0) {
    throw new Error(
      `calibrate: needs positive scores to fit their logarithms, got ${values[unusable]} at index ${unusable}; ` +
        'calibrate with at least 1 / falseAlarmRate images',
    );
  }
  const logs = values.map(Math.log);
  const mean = logs.reduce((sum, x) => sum + x, 0) / n;
  const variance = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  return Math.exp(mean + normalQuantile(p) * Math.sqrt(variance));
}
