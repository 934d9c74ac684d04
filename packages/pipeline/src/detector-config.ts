import { checkOptions, UserError } from '@ddad/detector';
import { differences, everythingOf, identityOf } from './checkpoint/identity.js';
import { readManifest } from './checkpoint/manifest-file.js';
import { loadConfig } from './config/load-config.js';
import type { Config } from './config/schema.js';

export interface DetectorConfigOptions {
  /** Dotted overrides such as `scoring.threshold=0.3`. @default [] */
  overrides?: readonly string[];
  /** What the configuration is for, which decides what can be overridden. @default 'detect' */
  task?: 'detect' | 'calibrate';
}

/** What can be set for a detector that is trained and calibrated. */
const atDetection = ['engine', 'threads', 'data.skipBad', 'scoring.threshold'];

/** What a calibration can change: where its images lie and how they are scored. */
const atCalibration = [
  ...[
    'engine',
    'threads',
    'data.kind',
    'data.root',
    'data.category',
    'data.name',
    'data.skipBad',
    'data.cacheDir',
    'data.roi',
  ],
  ...['model.w', 'model.v', 'model.reconstruction', 'model.start', 'model.skip', 'model.eta'],
  ...[
    'scoring.normalization',
    'scoring.sigma',
    'scoring.crop',
    'scoring.threshold',
    'scoring.falseAlarmRate',
    'scoring.confidence',
    'scoring.batchSize',
  ],
];

/**
 * The configuration that a trained detector works with; the engine is `auto` unless it is overridden.
 *
 * @param folder holds `detector.json`
 * @throws {UserError} no detector; an override that is unknown, or of a key that cannot change after training
 */
export async function detectorConfig(folder: string, options: DetectorConfigOptions = {}): Promise<Config> {
  checkOptions('detectorConfig', options, { overrides: true, task: true });
  const { overrides = [], task = 'detect' } = options;
  // An engine of the training is none of the place where the detector works.
  const made: Config = { ...(await readManifest(folder)).config, engine: 'auto', threads: null };
  if (overrides.length === 0) return made;
  const config = loadConfig(made, { overrides: [...overrides] });
  const [there, here] = [everythingOf(made), everythingOf(config)];
  const allowed = task === 'detect' ? atDetection : atCalibration;
  for (const key of allowed) here[key] = there[key];
  const [refused] = differences(there, here);
  if (refused === undefined) {
    const { threshold } = config.scoring;
    if (task === 'detect' && threshold !== made.scoring.threshold && typeof threshold !== 'number') {
      throw new UserError(`scoring.threshold: needs a number for a trained detector, got ${threshold}`, {
        code: 'option',
        remedy: '`calibrateDetector` sets it from good images',
      });
    }
    if (
      task === 'calibrate' &&
      threshold !== made.scoring.threshold &&
      !['calibrated', 'conformal'].includes(threshold as string)
    ) {
      throw new UserError(
        `scoring.threshold: a calibration needs calibrated or conformal, got ${threshold}`,
        {
          code: 'option',
          remedy:
            'a threshold by hand is given where images are scored: `detectFiles` with the option threshold',
        },
      );
    }
    return config;
  }
  throw new UserError(
    `the detector in ${folder} was made with other settings: ${refused}; ` +
      (task === 'detect'
        ? `when it works, ${atDetection.join(', ')} can be set`
        : 'a calibration can change where its images lie and how they are scored'),
    {
      code: 'option',
      remedy:
        task === 'detect' && atCalibration.some((key) => refused.startsWith(`${key} is `))
          ? '`calibrateDetector` changes the way it scores'
          : 'train another detector for others',
    },
  );
}

/** What a configuration says that a detector must have been made with to be its own, as overrides. */
export function detectorSettings(config: Config): string[] {
  return Object.entries(identityOf(config, 'calibration'))
    .filter(
      ([key]) =>
        !/^(data\.(kind|root|category|skipBad)|scoring\.(falseAlarmRate|confidence|holdBack|threshold))$/.test(
          key,
        ),
    )
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`);
}
