import { calibrateWith, type Scorer, type TaskOptions, weightsOf } from '@ddad/detector';
import { type CalibrationImages, calibrationSet } from '../data/calibration-set.js';
import { type Manifest, writeManifest } from './manifest-file.js';

/** Calibrates a detector with good images under the configuration of `manifest`, and writes the new manifest. */
export async function recalibrate(
  folder: string,
  manifest: Manifest,
  { scorer, onProgress, onNotice, signal, ...good }: TaskOptions & CalibrationImages & { scorer: Scorer },
): Promise<Manifest> {
  const { config } = manifest;
  const { images, masks, leaveOut, pictures } = await calibrationSet(manifest, good);
  const calibration = await calibrateWith(scorer, images, {
    config,
    ...{ masks, leaveOut, pictures },
    sharedWithTraining: good.shared,
    weights: () => weightsOf(manifest.calibration),
    onProgress,
    onNotice,
    signal,
  });
  const calibrated: Manifest = {
    ...manifest,
    calibration,
    threshold: { value: calibration.threshold, from: 'calibrated' },
  };
  await writeManifest(folder, calibrated);
  return calibrated;
}
