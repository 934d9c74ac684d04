import type { Config } from '../config/schema.js';

/** What two runs may have in common. */
export type Result = 'training' | 'adaptation' | 'memory' | 'calibration';

type Leaf<T, Prefix extends string = ''> = {
  [K in keyof T & string]: null extends T[K]
    ? `${Prefix}${K}`
    : T[K] extends readonly unknown[] | string | number | boolean | null
      ? `${Prefix}${K}`
      : Leaf<T[K], `${Prefix}${K}.`>;
}[keyof T & string];

/** Every dotted key of a configuration. */
export type ConfigKey = Leaf<Config>;

const everything = ['training', 'adaptation', 'memory', 'calibration'] as const;
const networks = ['training', 'adaptation', 'calibration'] as const;
const nothing = [] as const;

/**
 * The results each key decides: two runs that differ in it may differ in them. A result also depends on those before it,
 * by the hash of their weights. Lengths (epochs, steps) decide nothing: a run of another length goes on from the same
 * state.
 */
const decides: Record<ConfigKey, readonly Result[]> = {
  preset: nothing,
  seed: ['training', 'adaptation', 'memory'],
  engine: nothing,
  threads: nothing,
  precision: nothing,

  'data.kind': everything,
  'data.root': everything,
  'data.category': everything,
  'data.test': nothing,
  'data.masks': nothing,
  'data.name': nothing,
  'data.imageSize': everything,
  'data.channels': everything,
  'data.fit': everything,
  'data.tiles': everything,
  'data.window': everything,
  // as the region that it says, in the hash of the images and in the manifest
  'data.roi': nothing,
  'data.maskResize': nothing,
  // which images are left out shows in their hash
  'data.skipBad': ['calibration'],
  'data.cacheDir': nothing,

  'model.imageSize': networks,
  'model.patch': networks,
  'model.gaussianComponents': networks,
  'model.baseChannels': networks,
  'model.channelMultipliers': networks,
  'model.resBlocks': networks,
  'model.attentionResolutions': networks,
  'model.heads': networks,
  'model.dropout': ['training'],
  'model.steps': networks,
  'model.betaStart': networks,
  'model.betaEnd': networks,
  'model.w': ['calibration'],
  'model.v': ['calibration'],
  'model.reconstruction': ['adaptation', 'calibration'],
  'model.levels': ['adaptation', 'calibration'],
  'model.start': ['adaptation', 'calibration'],
  'model.skip': ['adaptation', 'calibration'],
  'model.eta': ['adaptation', 'calibration'],

  // a cosine depends on the length
  'training.epochs': ['training'],
  'training.steps': ['training'],
  // as the steps that were chosen within it
  'training.budget': nothing,
  'training.batchSize': ['training'],
  'training.augment.flipHorizontal': ['training'],
  'training.augment.flipVertical': ['training'],
  'training.augment.rotation': ['training'],
  'training.augment.brightness': ['training'],
  'training.augment.contrast': ['training'],
  'training.augment.saturation': ['training'],
  'training.learningRate': ['training'],
  'training.learningRateSchedule': ['training'],
  'training.maxTimestep': ['training'],
  'training.minTimestep': ['training'],
  'training.warmupSteps': ['training'],
  'training.weightDecay': ['training'],
  'training.clipNorm': ['training'],
  'training.ema': ['training'],
  'training.microBatchSize': ['training'],
  'training.stepsPerRun': nothing,
  'training.validateEvery': nothing,
  'training.patience': nothing,
  'training.saveEvery': nothing,

  'features.backbone': ['adaptation'],
  'features.weights': ['adaptation'],
  'features.layers': ['adaptation', 'memory', 'calibration'],

  'memory.vectors': ['memory'],
  'memory.candidates': ['memory'],
  'memory.components': ['memory'],
  'memory.position': ['memory'],

  'adaptation.epochs': nothing,
  'adaptation.batchSize': ['adaptation'],
  'adaptation.w': ['adaptation'],
  'adaptation.lambda': ['adaptation'],
  'adaptation.learningRate': ['adaptation'],
  'adaptation.weightDecay': ['adaptation'],

  'checkpoint.unet': nothing,
  'checkpoint.features': nothing,

  'scoring.normalization': ['calibration'],
  'scoring.weights.pixel': ['calibration'],
  'scoring.weights.feature': ['calibration'],
  'scoring.weights.memory': ['calibration'],
  'scoring.sigma': ['calibration'],
  'scoring.crop': ['calibration'],
  'scoring.threshold': ['calibration'],
  'scoring.falseAlarmRate': ['calibration'],
  'scoring.confidence': ['calibration'],
  'scoring.holdBack': everything,
  'scoring.referencePro': nothing,
  'scoring.batchSize': ['calibration'],

  'output.checkpoints': nothing,
  'output.results': nothing,
  'output.report': nothing,
};

/** Keys that decide a result only under other keys. */
const counts: Partial<Record<ConfigKey, (config: Config) => boolean>> = {
  'training.epochs': ({ training }) => training.learningRateSchedule === 'cosine',
  'training.steps': ({ training }) => training.learningRateSchedule === 'cosine',
  'features.layers': ({ features }) => features.layers !== null,
  'model.levels': ({ model }) => model.reconstruction === 'mean',
  'scoring.confidence': ({ scoring }) => scoring.threshold === 'conformal',
  'scoring.batchSize': ({ scoring }) => scoring.normalization === 'batch',
};

/** The keys that decide a result, and their values. */
export type Identity = Record<string, unknown>;

/** What of a configuration decides `result`. */
export function identityOf(config: Config, result: Result): Identity {
  const keys = (Object.keys(decides) as ConfigKey[]).filter(
    (key) => decides[key].includes(result) && (counts[key]?.(config) ?? true),
  );
  return Object.fromEntries(keys.map((key) => [key, valueAt(config, key)]));
}

/** Every key of a configuration with its value. */
export function everythingOf(config: Config): Identity {
  return Object.fromEntries((Object.keys(decides) as ConfigKey[]).map((key) => [key, valueAt(config, key)]));
}

/** How two identities differ, a clause each: `model.w is 4 there and 3 here`; none if they are the same. */
export function differences(there: Identity, here: Identity): string[] {
  const keys = [...new Set([...Object.keys(there), ...Object.keys(here)])];
  return keys
    .map((key) => [key, show(there[key]), show(here[key])])
    .filter(([, a, b]) => a !== b)
    .map(([key, a, b]) => `${key} is ${a} there and ${b} here`);
}

function valueAt(config: Config, key: ConfigKey): unknown {
  return key.split('.').reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], config);
}

const show = (value: unknown): string => (value === undefined ? 'of no account' : JSON.stringify(value));
