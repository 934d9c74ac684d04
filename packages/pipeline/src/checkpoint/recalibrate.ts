import { calibrateWith, type Scorer, type TaskOptions } from '@ddad/detector';
import type { TrainingImages } from '../data/training-images.js';
import { type Manifest, writeManifest } from './manifest-file.js';

/** Calibrates a detector with good images under the configuration of `manifest`, and writes the new manifest. */
export async function recalibrate(
  folder: string,
  manifest: Manifest,
  {
    scorer,
    calibration: images,
    shared,
    onProgress,
    onNotice,
    signal,
  }: TaskOptions & Pick<TrainingImages, 'calibration' | 'shared'> & { scorer: Scorer },
): Promise<Manifest> {
  const { config } = manifest;
  const terms = manifest.calibration?.terms ?? {};
  const calibration = await calibrateWith(scorer, images, {
    config,
    sharedWithTraining: shared,
    weights: () => Object.fromEntries(Object.entries(terms).map(([name, { weight }]) => [name, weight])),
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
