import { calibrateWith, type Scorer, type TaskOptions, weightsOf } from '@ddad/detector';
import { regionMasks } from '../data/region-masks.js';
import type { TrainingImages } from '../data/training-images.js';
import { type Manifest, writeManifest } from './manifest-file.js';

/** Calibrates a detector with good images under the configuration of `manifest`, and writes the new manifest. */
export async function recalibrate(
  folder: string,
  manifest: Manifest,
  {
    scorer,
    calibration: images,
    calibrationPaths,
    shared,
    onProgress,
    onNotice,
    signal,
  }: TaskOptions & Pick<TrainingImages, 'calibration' | 'calibrationPaths' | 'shared'> & { scorer: Scorer },
): Promise<Manifest> {
  const { config } = manifest;
  const calibration = await calibrateWith(scorer, images, {
    config,
    sharedWithTraining: shared,
    masks: await regionMasks(manifest, calibrationPaths),
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
