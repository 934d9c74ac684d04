import { calibrateWith, type DetectorCalibration } from './calibrate-with.js';
import { loadNetworks } from './checkpoint/assemble.js';
import { readManifest, writeManifest } from './checkpoint/manifest.js';
import { imagePaths } from './data/image-paths.js';
import { allImages, loadImages } from './data/load-images.js';
import { openData } from './data/open-data.js';
import { trainingImages } from './data/training-images.js';
import type { LoadDetectorOptions } from './detector.js';
import { startEngine } from './engine.js';
import { createScorer } from './model/scorer.js';
import type { RunOptions } from './progress.js';
import { UserError } from './user-error.js';

export interface CalibrateDetectorOptions extends RunOptions, LoadDetectorOptions {
  /** Folder of good images. @default those that training held back */
  images?: string;
  /** Share of good images that may be called anomalous, in (0, 1). @default the configuration's */
  falseAlarmRate?: number;
}

/**
 * Sets ratio and threshold of a trained detector anew, without training: for another false-alarm rate, or from
 * good images of the place where it is to work.
 *
 * @param folder holds `detector.json`, which is written anew
 * @throws {UserError} no detector, no images, a rate out of range
 */
export async function calibrateDetector(
  folder: string,
  { images, falseAlarmRate, engine = 'auto', threads, backbone: make, ...run }: CalibrateDetectorOptions = {},
): Promise<DetectorCalibration> {
  if (falseAlarmRate !== undefined && !(falseAlarmRate > 0 && falseAlarmRate < 1)) {
    throw new UserError(`the false-alarm rate needs to be between 0 and 1, got ${falseAlarmRate}`);
  }
  const manifest = await readManifest(folder);
  const config = {
    ...manifest.config,
    scoring: {
      ...manifest.config.scoring,
      falseAlarmRate: falseAlarmRate ?? manifest.config.scoring.falseAlarmRate,
    },
    checkpoint: { unet: manifest.unet.epoch, features: manifest.features.epoch },
  };
  let good: Uint8Array[];
  let shared = false;
  if (images === undefined) {
    const held = await trainingImages(await openData(config), config, run);
    good = held.calibration;
    shared = held.shared;
  } else {
    const paths = await imagePaths(images);
    good = allImages(
      await loadImages(
        paths.map((path) => ({ id: path, imagePath: path })),
        config,
        run,
      ),
    );
  }
  const started = await startEngine({ engine, threads: threads ?? null }, run);
  const loaded = await loadNetworks(folder, config, { backbone: make });
  const [unet, backbone] = [loaded.unet.network, loaded.backbone.network];
  const scorer = createScorer(config, { unet, backbone, engine: started });
  try {
    const calibration = await calibrateWith(scorer, good, { config, sharedWithTraining: shared, ...run });
    await writeManifest(folder, {
      ...manifest,
      config: { ...manifest.config, scoring: config.scoring },
      calibration,
      threshold: { value: calibration.threshold, from: 'calibrated' },
    });
    return calibration;
  } finally {
    scorer.dispose();
    unet.dispose();
    backbone.dispose?.();
  }
}
