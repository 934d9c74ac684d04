import { type CalibrationPictures, calibrationOf, scoresOfPictures } from './calibrate.js';
import { UserError } from './errors.js';
import type { DetectorCalibration, Manifest } from './manifest.js';
import { normalizationOf } from './scoring/combine.js';
import { typicalDistances } from './scoring/foreign.js';
import type { Scorer } from './scoring/scorer.js';
import type { TaskOptions } from './task-options.js';

export interface FurtherCalibrationOptions extends TaskOptions {
  /** Of images that the memory has seen, the number of each in it. */
  leaveOut?: readonly number[];
  /** Of each image, what of it is judged. */
  masks: readonly (Uint8Array | undefined)[];
  /** For a detector with `data.tiles`: the pictures, in place of the images. */
  pictures?: CalibrationPictures;
}

/**
 * The calibration of a detector with the scores of further good images among those it rests on. Scales stay, since the
 * earlier scores are in them.
 *
 * @param images resized, interleaved bytes
 * @throws {UserError} there is no earlier calibration
 */
export async function furtherCalibration(
  { config, calibration }: Manifest,
  scorer: Scorer,
  {
    images,
    leaveOut,
    masks,
    pictures,
    ...task
  }: FurtherCalibrationOptions & { images: readonly Uint8Array[] },
): Promise<DetectorCalibration> {
  if (!calibration) {
    throw new UserError(
      'recalibrate: the detector has not been calibrated, so that there is nothing to go on from',
      {
        code: 'detector',
        remedy: 'set the option `forget`, which calibrates with the images given alone',
      },
    );
  }
  const combined = normalizationOf(config, calibration);
  if (pictures) {
    const { change } = calibration;
    const further = await scoresOfPictures(scorer, pictures, { ...task, config, combined, change });
    const scores = [...calibration.scores, ...further.scores];
    const typical = [...(calibration.typical?.distances ?? []), ...further.typical];
    return calibrationOf(calibration, { scores, typical, config });
  }
  const distances = await scorer.distances(images, {
    ...task,
    phase: 'calibrate',
    ...(calibration.change !== null && { change: calibration.change }),
    leaveOut,
    masks,
  });
  const maps = await scorer.maps(distances, combined);
  const scores = [...calibration.scores, ...maps.map(({ score }) => score)];
  const typical = [...(calibration.typical?.distances ?? []), ...typicalDistances(distances)];
  return calibrationOf(calibration, { scores, typical, config });
}
