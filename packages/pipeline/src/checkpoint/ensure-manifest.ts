import type { Dataset } from '@ddad/datasets';
import { calibrateWith } from '../calibrate-with.js';
import type { Config } from '../config/schema.js';
import { trainingImages } from '../data/training-images.js';
import type { Scorer } from '../model/scorer.js';
import type { RunOptions } from '../progress.js';
import { UserError } from '../user-error.js';
import { newManifest } from './assemble.js';
import { type Manifest, readManifest, writeManifest } from './manifest.js';
import type { WeightsFile } from './weights-file.js';

/** Whether a configuration takes its threshold or its ratio from good images. */
export function needsCalibration({ scoring }: Config): boolean {
  return scoring.normalization === 'calibrated' || scoring.threshold === 'calibrated';
}

/**
 * The manifest of these weights under this configuration: the one in `folder` where it still holds, else a new
 * one, calibrated where needed, which is written there.
 *
 * @param options.calibrate calibrate whether the configuration needs it or not
 */
export async function ensureManifest(
  folder: string,
  {
    config,
    unet,
    features,
    scorer,
    dataset,
    calibrate = needsCalibration(config),
    ...run
  }: RunOptions & {
    config: Config;
    unet: WeightsFile;
    features: WeightsFile;
    scorer: Scorer;
    dataset: Dataset;
    calibrate?: boolean;
  },
): Promise<Manifest> {
  const fresh = newManifest(config, { unet, features });
  const present = await presentManifest(folder, run);
  if (present && settings(present) === settings(fresh)) {
    fresh.calibration = present.calibration;
    fresh.threshold = present.threshold;
    if (fresh.calibration || !calibrate) return fresh;
  }
  if (calibrate) {
    const { calibration, shared } = await trainingImages(dataset, config, run);
    if (shared && config.scoring.holdBack > 0) {
      run.onNotice?.(
        `calibrating with all ${calibration.length} training images, since fewer than 40 are too few to hold ` +
          'some back: the threshold may be low; `ddad calibrate <folder of other good images>` sets it anew',
      );
    }
    fresh.calibration = await calibrateWith(scorer, calibration, {
      config,
      sharedWithTraining: shared,
      ...run,
    });
  }
  fresh.threshold = initialThreshold(fresh);
  await writeManifest(folder, fresh);
  return fresh;
}

/** The manifest in `folder`; none, with a notice, where it cannot be read: it is made anew. */
async function presentManifest(folder: string, { onNotice }: RunOptions): Promise<Manifest | undefined> {
  try {
    return await readManifest(folder);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      onNotice?.(`${error.message.split(';')[0]}: it is calibrated and written anew`);
    return undefined;
  }
}

function initialThreshold({ config, calibration }: Manifest): Manifest['threshold'] {
  const { threshold } = config.scoring;
  if (typeof threshold === 'number') return { value: threshold, from: 'given' };
  if (threshold === 'calibrated' && calibration) return { value: calibration.threshold, from: 'calibrated' };
  return null;
}

/** Everything a calibration depends on, to compare. */
function settings({ config, unet, features }: Manifest): string {
  const { data, model, scoring } = config;
  return JSON.stringify([
    unet.sha256,
    features.sha256,
    data,
    model,
    { ...scoring, batchSize: 0, referencePro: 0 },
  ]);
}
