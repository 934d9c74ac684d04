import { stat } from 'node:fs/promises';
import {
  checkOptions,
  createScorer,
  type DetectorCalibration,
  type LoadDetectorOptions,
  loadNetworks,
  startEngineFor,
  type TaskOptions,
  taskKeys,
  UserError,
} from '@ddad/detector';
import { lockFolder } from './checkpoint/lock-folder.js';
import { openDetector } from './checkpoint/manifest-file.js';
import { recalibrate } from './checkpoint/recalibrate.js';
import type { Config } from './config/schema.js';
import type { CalibrationImages } from './data/calibration-set.js';
import { imagePaths } from './data/image-paths.js';
import { loadGoodImages } from './data/load-good-images.js';
import { openData } from './data/open-data.js';
import { regionOfConfig } from './data/region-of-config.js';
import { trainingImages } from './data/training-images.js';
import { detectorConfig } from './detector-config.js';

export interface CalibrateDetectorOptions extends TaskOptions, Omit<LoadDetectorOptions, 'threshold'> {
  /** Folder of good images. @default those that training held back */
  images?: string;
  /** Share of good images that may be called anomalous, in (0, 1). @default the configuration's */
  falseAlarmRate?: number;
  /** Dotted overrides of what a calibration can change, such as `scoring.sigma=2`; the detector keeps them. @default [] */
  overrides?: readonly string[];
}

/**
 * Sets ratio and threshold of a trained detector anew, without training: for another false-alarm rate, other ways to
 * score, or from good images of the place where it is to work.
 *
 * @param folder holds `detector.json`, which is written anew
 * @throws {UserError} no detector, no images, a rate out of range, an override of what training has decided
 */
export async function calibrateDetector(
  folder: string,
  options: CalibrateDetectorOptions = {},
): Promise<DetectorCalibration> {
  checkOptions('calibrateDetector', options, {
    ...{ ...taskKeys, engine: true, threads: true, backbone: true },
    ...{ images: true, falseAlarmRate: true, overrides: true },
  });
  const { images, falseAlarmRate, overrides = [], engine, threads, backbone: make, ...task } = options;
  if (falseAlarmRate !== undefined && !(falseAlarmRate > 0 && falseAlarmRate < 1)) {
    throw new UserError(`option falseAlarmRate: needs a share between 0 and 1, got ${falseAlarmRate}`, {
      code: 'option',
    });
  }
  const { manifest, source } = await openDetector(folder);
  if ((await stat(folder)).isFile()) {
    throw new UserError(`${folder} is a bundle, which is not written anew`, {
      code: 'detector',
      remedy: 'calibrate the folder that it was made from, and export that again',
    });
  }
  const asked = await detectorConfig(folder, { overrides, task: 'calibrate' });
  const config: Config = {
    ...asked,
    engine: manifest.config.engine,
    threads: manifest.config.threads,
    scoring: { ...asked.scoring, falseAlarmRate: falseAlarmRate ?? asked.scoring.falseAlarmRate },
  };
  const held =
    images === undefined
      ? await trainingImages(await openData(config, task), config, task)
      : await goodImages(images, config, task);
  const started = await startEngineFor(
    { engine: engine ?? asked.engine, threads: threads ?? asked.threads, precision: config.precision },
    task,
  );
  const networks = await loadNetworks(source, manifest, { backbone: make });
  const scorer = createScorer(config, { networks, engine: started });
  const lock = await lockFolder(folder);
  try {
    const region = await regionOfConfig(config);
    const base = { ...manifest, config, ...(region && { regionOfInterest: region }) };
    const { calibration } = await recalibrate(folder, base, { ...task, ...held, scorer });
    return calibration!;
  } finally {
    await lock.release();
    scorer.dispose();
    networks.dispose();
  }
}

async function goodImages(path: string, config: Config, task: TaskOptions): Promise<CalibrationImages> {
  const paths = await imagePaths(path, task);
  const { samples, parts } = await loadGoodImages(
    paths.map((each) => ({ id: each, imagePath: each })),
    config,
    task,
  );
  const all = parts.flat();
  return {
    calibration: all.map(({ bytes }) => bytes),
    calibrationPlaces: all.map(({ place }) => place),
    calibrationPaths: samples.map(({ imagePath }) => imagePath),
    shared: false,
  };
}
