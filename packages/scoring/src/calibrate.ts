import { checkOptions } from '@ddad/options';
import { type DistanceMaxima, distanceRatio } from './distance-ratio.js';
import { type ScoreThreshold, type ScoreThresholdOptions, scoreThreshold } from './score-threshold.js';

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
 * @throws Error where the lengths differ, and as {@link scoreThreshold}
 */
export function calibrate(options: CalibrateOptions): Calibration {
  checkOptions('calibrate', options, {
    scores: true,
    pixelMaxima: true,
    featureMaxima: true,
    ...{ falseAlarmRate: true, rule: true, confidence: true },
  });
  const { pixelMaxima, featureMaxima, ...rest } = options;
  const { scores } = rest;
  const n = scores.length;
  if (n !== pixelMaxima.length || n !== featureMaxima.length) {
    throw new Error(
      `calibrate: needs one pixel maximum, feature maximum and score per image, got ${pixelMaxima.length}, ` +
        `${featureMaxima.length} and ${n}`,
    );
  }
  const threshold = scoreThreshold(rest);
  return { ratio: distanceRatio({ pixelMaxima, featureMaxima }), ...threshold };
}
