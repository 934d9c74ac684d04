import { isDeepStrictEqual } from 'node:util';
import {
  calibrateWith,
  type DetectorFiles,
  newManifest,
  type Scorer,
  type TaskOptions,
} from '@ddad/detector';
import { chooseWeights } from '../choosing/choose-weights.js';
import type { Config } from '../config/schema.js';
import { calibrationSet } from '../data/calibration-set.js';
import { regionOfConfig } from '../data/region-of-config.js';
import type { TrainingImages } from '../data/training-images.js';
import { differences, identityOf } from './identity.js';
import { findManifest, type Manifest, writeManifest } from './manifest-file.js';
import { removeOtherMemories } from './memory-file.js';

export interface EnsureManifestOptions extends TaskOptions {
  config: Config;
  files: DetectorFiles;
  scorer: Scorer;
  /** The good training images; asked for where a calibration is made. */
  images: () => Promise<TrainingImages>;
  /** Calibrate whether the configuration needs it or not. @default where it takes threshold or ratio from good images */
  calibrate?: boolean;
}

/**
 * The manifest of these weights under this configuration: the one in `folder` where it still holds, else a new
 * one, calibrated where needed, which is written there.
 */
export async function ensureManifest(
  folder: string,
  { config, files, scorer, images, calibrate = needsCalibration(config), ...task }: EnsureManifestOptions,
): Promise<Manifest> {
  const fresh: Manifest = { ...newManifest(config, files), config };
  const present = await findManifest(folder, (reason) =>
    task.onNotice?.(`${reason}: it is calibrated and written anew`),
  );
  // a region belongs to the pictures, whatever the networks
  const region = (await regionOfConfig(config)) ?? present?.regionOfInterest;
  if (region) fresh.regionOfInterest = region;
  if (present && isSame(present, fresh)) {
    fresh.calibration = present.calibration;
    fresh.threshold = present.threshold;
    if (fresh.calibration || !calibrate) return fresh;
  }
  if (calibrate) {
    const others =
      present?.calibration && hasSameNetworks(present, fresh) ? settingsApart(present, fresh) : [];
    if (others.length) {
      task.onNotice?.(
        `the detector was calibrated with other settings (${others.join(', ')}): it is calibrated anew with these`,
      );
    }
    const good = await images();
    const { calibrationPaths, shared } = good;
    if (shared && config.scoring.holdBack > 0) {
      task.onNotice?.(
        `calibrating with all ${calibrationPaths.length} training images, since fewer than 40 are too few to hold ` +
          `some back${files.memory ? ', each compared with what the memory has of the others' : ''}` +
          `${files.unet ? ': the threshold may be low' : ''}; \`calibrateDetector\` with other good images sets it anew`,
      );
    }
    const { images: calibration, masks, leaveOut, pictures } = await calibrationSet(fresh, good);
    fresh.calibration = await calibrateWith(scorer, calibration, {
      ...{ ...task, config, masks, leaveOut, pictures },
      sharedWithTraining: shared,
      weights: (distances, found) =>
        chooseWeights(distances, found, { ...task, config, scorer, images: calibration, leaveOut }),
    });
  }
  fresh.threshold = initialThreshold(fresh);
  await writeManifest(folder, fresh);
  await removeOtherMemories(folder, fresh.memory);
  return fresh;
}

function needsCalibration({ scoring }: Config): boolean {
  return scoring.normalization !== 'batch' || isFromGood(scoring.threshold);
}

function isFromGood(threshold: Config['scoring']['threshold']): boolean {
  return threshold === 'calibrated' || threshold === 'conformal';
}

function initialThreshold({ config, calibration }: Manifest): Manifest['threshold'] {
  const { threshold } = config.scoring;
  if (typeof threshold === 'number') return { value: threshold, from: 'given' };
  if (isFromGood(threshold) && calibration) return { value: calibration.threshold, from: 'calibrated' };
  return null;
}

/** Whether a calibration of one is a calibration of the other. */
function isSame(a: Manifest, b: Manifest): boolean {
  return (
    hasSameNetworks(a, b) &&
    isDeepStrictEqual(a.regionOfInterest, b.regionOfInterest) &&
    !settingsApart(a, b).length
  );
}

function hasSameNetworks(a: Manifest, b: Manifest): boolean {
  return (
    a.unet?.sha256 === b.unet?.sha256 &&
    a.features.sha256 === b.features.sha256 &&
    a.memory?.sha256 === b.memory?.sha256
  );
}

/** What calibrations of these would differ in: "key is this in a and that in b". */
function settingsApart(a: Manifest, b: Manifest): string[] {
  return differences(identityOf(a.config, 'calibration'), identityOf(b.config, 'calibration'));
}
