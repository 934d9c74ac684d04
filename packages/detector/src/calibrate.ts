import { calibrate, distanceRatio } from '@ddad/scoring';
import { asUserError } from './as-user-error.js';
import type { Config } from './config.js';
import type { Manifest } from './manifest.js';
import type { Scorer } from './scoring/scorer.js';
import type { TaskOptions } from './task-options.js';

/** Ratio and threshold from good images. */
export type DetectorCalibration = NonNullable<Manifest['calibration']>;

/**
 * Reconstructs good images and sets ratio and threshold from them. With `scoring.normalization: batch` the
 * scores of the threshold are those of the reference's batches.
 *
 * @param images resized, interleaved bytes
 * @param options.sharedWithTraining whether the UNet has seen them
 */
export async function calibrateWith(
  scorer: Scorer,
  images: readonly Uint8Array[],
  { config, sharedWithTraining, ...task }: TaskOptions & { config: Config; sharedWithTraining: boolean },
): Promise<DetectorCalibration> {
  const distances = await scorer.distances(images, { ...task, phase: 'calibrate' });
  const maxima = {
    pixelMaxima: distances.map(({ pixel }) => largest(pixel)),
    featureMaxima: distances.map(({ feature }) => largest(feature)),
  };
  const { normalization, falseAlarmRate } = config.scoring;
  const ratio = distanceRatio(maxima);
  const maps = await scorer.maps(distances, normalization === 'batch' ? 'batch' : { ratio });
  const scores = maps.map(({ score }) => score);
  const { threshold, method, n } = await asUserError(() => calibrate({ ...maxima, scores, falseAlarmRate }), {
    code: 'data',
  });
  return { ratio, threshold, method, n, falseAlarmRate, scores, sharedWithTraining };
}

function largest(values: Float32Array): number {
  let max = 0;
  for (const value of values) if (value > max) max = value;
  return max;
}
