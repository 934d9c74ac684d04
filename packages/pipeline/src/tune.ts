import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkOptions,
  createScorer,
  type LoadDetectorOptions,
  loadNetworks,
  startEngineFor,
  type TaskOptions,
  taskKeys,
  UserError,
  weightsOf,
} from '@ddad/detector';
import { lockFolder } from './checkpoint/lock-folder.js';
import { type Manifest, openDetector } from './checkpoint/manifest-file.js';
import { recalibrate } from './checkpoint/recalibrate.js';
import { formatConfig } from './config/format-config.js';
import type { Config } from './config/schema.js';
import { calibrationSet } from './data/calibration-set.js';
import { openData } from './data/open-data.js';
import { regionOfConfig } from './data/region-of-config.js';
import { trainingImages } from './data/training-images.js';
import { detectorConfig } from './detector-config.js';
import { writeAtomic } from './io/write-atomic.js';
import { createMeasurer } from './tune/measure.js';
import { pasteAnomalies } from './tune/paste-anomalies.js';
import { type Gain, gainOf, mean } from './tune/quality.js';
import { search, type Trial } from './tune/search.js';
import {
  axesOf,
  describeSettings,
  type Settings,
  settingsOf,
  tunedConfigName,
  withSettings,
} from './tune/settings.js';

export interface TuneOptions extends TaskOptions, Omit<LoadDetectorOptions, 'threshold'> {
  /** Defects that are pasted, at least. @default 48 */
  defects?: number;
  /** Seed of the defects and the bootstrap. @default the configuration's */
  seed?: number;
  /** Dotted overrides of what a calibration can change, such as `data.root=photos`; the detector keeps them. @default [] */
  overrides?: readonly string[];
}

/** Settings that were tried, as they are shown. */
export interface TunedSettings {
  /** What was varied: `present` for the settings that the detector had. */
  axis: string;
  settings: string;
  /** Image AUROC on pasted defects. */
  imageAuroc: number;
  /** Mean over the defective images of the pixel AUROC within each. */
  pixelAuroc: number;
  /** Over the best settings before this axis: of the mean of both, with a 90 % bootstrap interval. */
  gain: Gain | null;
}

export interface TuneResult {
  tried: TunedSettings[];
  /** Of them, those that the detector has now. */
  chosen: number;
  /** Over the settings that it had; null where it kept them. */
  gain: Gain | null;
  defects: number;
  good: number;
  /** Images that the UNet has reconstructed. */
  reconstructed: number;
  threshold: number;
  /** Path of the configuration with the chosen settings. */
  config: string;
  seconds: number;
}

/**
 * Chooses how a trained detector reconstructs (`model.w`, `start`, `skip` or `levels`), how much each distance counts and how
 * far the map is blurred, on defects pasted into the good images that training held back: no test image is read. Settings
 * change only for others that are clearly and surely better. The detector is calibrated anew with them, and its
 * configuration written to `tuned.yaml` for the next run.
 *
 * @param folder holds `detector.json`, which is written anew where other settings are chosen
 * @throws {UserError} no detector, scores by batch, missing images
 * @throws {InterruptedError} `signal` was fired; the detector is as it was
 */
export async function tune(folder: string, options: TuneOptions = {}): Promise<TuneResult> {
  checkOptions('tune', options, {
    ...{ ...taskKeys, engine: true, threads: true, backbone: true },
    ...{ defects: true, seed: true, overrides: true },
  });
  const { engine, threads, backbone: make, defects = 48, overrides = [] } = options;
  const { onProgress, onNotice, signal } = options;
  if (!Number.isInteger(defects) || defects < 8) {
    throw new UserError(`option defects: needs a whole number of at least 8, got ${defects}`, {
      code: 'option',
    });
  }
  const task = { onProgress, onNotice, signal };
  const began = performance.now();
  const { manifest, source } = await openDetector(folder);
  if ((await stat(folder)).isFile()) {
    throw new UserError(`${folder} is a bundle, which is not written anew`, {
      code: 'detector',
      remedy: 'tune the folder that it was made from, and export that again',
    });
  }
  const { calibration } = manifest;
  const asked = await detectorConfig(folder, { overrides, task: 'calibrate' });
  const { engine: itsEngine, threads: itsThreads } = manifest.config;
  const config: Config = { ...asked, engine: itsEngine, threads: itsThreads };
  if (config.scoring.normalization === 'batch') {
    throw new UserError(
      'tune: under scoring.normalization batch no image has a score of its own to tune by',
      {
        code: 'config',
        remedy: 'use calibrated or robust',
      },
    );
  }
  const seed = options.seed ?? config.seed;
  const held = await trainingImages(await openData(config, task), config, task);
  const region = (await regionOfConfig(config)) ?? manifest.regionOfInterest;
  const place = { ...manifest, config, ...(region && { regionOfInterest: region }) };
  const seen = await calibrationSet(place, held);
  const { good, pasted } = pasteAnomalies(seen.images, {
    size: config.data.imageSize,
    count: defects,
    seed,
  });
  const started = await startEngineFor(
    {
      ...{ engine: engine ?? asked.engine, threads: threads ?? asked.threads ?? itsThreads },
      precision: config.precision,
    },
    task,
  );
  const lock = await lockFolder(folder);
  const networks = await loadNetworks(source, manifest, { backbone: make }).catch(async (error) => {
    await lock.release();
    throw error;
  });
  try {
    const weights = config.scoring.normalization === 'robust' ? presentWeights(manifest) : null;
    const hasUnet = networks.unet !== undefined;
    const axes = axesOf(config, { hasUnet });
    const measurer = createMeasurer({
      ...{ config, networks, engine: started, good, pasted, signal, onProgress },
      ...{ masks: seen.masks, leaveOut: seen.leaveOut },
    });
    const { trials, best } = await search(settingsOf(config, weights), {
      axes,
      measure: (settings) => measurer.measure(settings),
      seed,
    }).finally(() => measurer.dispose());
    const [present] = trials;
    const isOther = best !== present;
    const tuned: Config = isOther ? withSettings(config, best.settings) : config;
    let threshold = manifest.threshold?.value ?? calibration?.threshold ?? Number.NaN;
    if (isOther || overrides.length > 0) {
      const scorer = createScorer(tuned, { networks, engine: started });
      try {
        const calibrated = await recalibrate(
          folder,
          { ...place, config: tuned, calibration: withWeights(calibration, best.settings) },
          { ...task, ...held, scorer },
        );
        threshold = calibrated.threshold!.value;
      } finally {
        scorer.dispose();
      }
    }
    const path = join(folder, tunedConfigName);
    await writeAtomic(path, formatConfig(tuned));
    return {
      tried: trials.map((trial) => shown(trial, { config, hasUnet })),
      chosen: trials.indexOf(best),
      gain: isOther ? gainOf(best.quality, present.quality, { seed }) : null,
      defects: pasted.length,
      good: good.length,
      reconstructed: measurer.reconstructed,
      threshold,
      config: path,
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    await lock.release();
    networks.dispose();
  }
}

function presentWeights({ calibration, unet, memory }: Manifest) {
  const found = weightsOf(calibration);
  if (Object.keys(found).length > 0) return found;
  return { ...(unet && { pixel: 1, feature: 1 }), ...(memory && { memory: 1 }) };
}

/** The calibration whose weights the next one keeps. */
function withWeights(calibration: Manifest['calibration'], { weights }: Settings): Manifest['calibration'] {
  if (!calibration?.terms || !weights) return calibration;
  const terms = Object.fromEntries(
    Object.entries(calibration.terms).map(([name, term]) => [
      name,
      { ...term, weight: weights[name as keyof typeof weights] ?? term.weight },
    ]),
  );
  return { ...calibration, terms };
}

function shown(
  { axis, settings, quality, gain }: Trial,
  { config, hasUnet }: { config: Config; hasUnet: boolean },
): TunedSettings {
  return {
    axis,
    settings: describeSettings(settings, config, hasUnet),
    imageAuroc: mean(quality.found),
    pixelAuroc: mean(quality.placed),
    gain,
  };
}
