import { basename, resolve } from 'node:path';
import { isListName } from '@ddad/datasets';
import { checkOptions, featuresArchitecture, presetNames, UserError } from '@ddad/detector';
import { isArchiveName } from '../data/archive-folder.js';
import { type Release, releases } from '../published/releases.js';
import { configError } from './config-error.js';
import { leafKeys } from './leaf-keys.js';
import { isPlainObject, merge, withValue } from './overrides.js';
import { parseOverride } from './parse-override.js';
import { presetDefaults } from './presets.js';
import { readYaml } from './read-yaml.js';
import { recognizeData } from './recognize-data.js';
import { fromReference, referenceSchema } from './reference.js';
import { type Config, type ConfigInput, configSchema } from './schema.js';
import { schemaKeys } from './schema-keys.js';

export interface LoadConfigOptions {
  /**
   * Dotted overrides such as `model.w=4`, later ones win. For a reference file its own keys are known too.
   * @default []
   */
  overrides?: string[];
  /** Of the DDAD reference: whose settings per category the presets `ddad`, `ddad-s` and `reference` take. @default 'latest' */
  release?: Release;
  /** Told what a user should know: keys without effect, values that mean something else here. */
  onNotice?: (message: string) => void;
}

/**
 * A complete configuration from a YAML file or an object: what is not given comes from its preset
 * (`auto` unless named), and the kind of the data set from its folders. The configuration file of the DDAD reference loads as it is and implies
 * `preset: reference`. A resolved configuration is valid input and comes back unchanged.
 *
 * @throws {UserError} unreadable file, unknown key (with the nearest known one), value out of range
 */
export function loadConfig(
  source: string | ConfigInput | Record<string, unknown>,
  options: LoadConfigOptions = {},
): Config {
  checkOptions('loadConfig', options, { overrides: true, release: true, onNotice: true });
  const { overrides = [], release = 'latest', onNotice } = options;
  if (!releases.includes(release)) {
    throw new UserError(`option release: needs one of ${releases.join(', ')}, got '${release}'`, {
      code: 'option',
    });
  }
  if (typeof source !== 'string' && (!isPlainObject(source) || source instanceof URL)) {
    throw new UserError(
      `needs a configuration as an object, or the path of a YAML file as text, got ${String(source)}`,
      { code: 'config' },
    );
  }
  const name = typeof source === 'string' ? source : 'config';
  let input = typeof source === 'string' ? readYaml(source) : source;
  const sets = overrides.map(parseOverride);

  if (isReference(input)) {
    const known = new Set(schemaKeys(referenceSchema));
    const isKnown = ({ path }: { path: string[] }) => known.has(path.join('.'));
    for (const { path, value } of sets.filter(isKnown)) input = withValue(input, path, value);
    const parsed = referenceSchema.safeParse(input, { reportInput: true });
    if (!parsed.success) throw configError(parsed.error, referenceSchema, name);
    const { input: converted, notices } = fromReference(parsed.data);
    for (const notice of notices) onNotice?.(`${name}: ${notice}`);
    input = converted;
    for (const { path, value } of sets) {
      if (!isKnown({ path })) input = withValue(input, path, value);
    }
  } else {
    for (const { path, value } of sets) input = withValue(input, path, value);
  }
  if (isPlainObject(input.data)) input = { ...input, data: recognizeData(input.data, { name, onNotice }) };
  return resolveConfig(input as ConfigInput, name, release);
}

function resolveConfig(input: ConfigInput, name: string, release: Release): Config {
  const preset = input.preset ?? 'auto';
  if (!presetNames.includes(preset)) {
    throw new UserError(`${name}: preset: needs one of ${presetNames.join(', ')}, got '${preset}'`, {
      code: 'config',
    });
  }
  for (const [key, value] of Object.entries(input)) {
    const section = configSchema.shape[key as keyof Config];
    if (section && 'shape' in section && !isPlainObject(value) && value !== undefined) {
      throw new UserError(`${name}: ${key}: needs a section of keys, got ${JSON.stringify(value)}`, {
        code: 'config',
      });
    }
  }
  const defaults = presetDefaults(preset, input, release);
  // Giving one drops the preset's others; another budget leaves the most steps that the preset has within its own.
  const given = lengths.filter((key) => input.training?.[key] != null);
  const { budget, steps } = defaults.training;
  const keepsSteps = given.join() === 'budget' && budget !== null;
  if (given.length) {
    Object.assign(defaults.training, { epochs: null, steps: keepsSteps ? steps : null, budget: null });
  }
  // The small preset trains on the time steps its reconstruction visits.
  if (defaults.training.maxTimestep !== null && typeof input.model?.start === 'number') {
    defaults.training.maxTimestep = input.model.start;
  }

  const merged = merge(defaults, input) as Config;
  if (!merged.data.name) {
    merged.data.name =
      ['folder', 'list'].includes(merged.data.kind) && merged.data.root
        ? nameOf(merged.data.root)
        : merged.data.kind;
  }
  const parsed = configSchema.safeParse(merged, { reportInput: true });
  if (!parsed.success) throw configError(parsed.error, configSchema, name);
  checkTogether(parsed.data, name);
  return parsed.data;
}

/** Name of a folder, or of an archive or list without what says so. */
function nameOf(root: string): string {
  const name = basename(resolve(root));
  return isListName(root) || isArchiveName(root) ? name.replace(/(\.tar)?\.\w+$/, '') : name;
}

/** What says how long a training is. */
const lengths = ['epochs', 'steps', 'budget'] as const;

/** Rules that concern more than one key. */
function checkTogether({ model, training, data, scoring, memory, features }: Config, name: string): void {
  const fail = (message: string, remedy?: string): never => {
    throw new UserError(`${name}: ${message}`, { code: 'config', remedy });
  };
  const given = lengths.filter((key) => training[key] !== null);
  if (given.length !== 1 && given.join() !== 'steps,budget') {
    fail(
      `training: needs one of ${lengths.join(', ')}, got ${given.join(' and ') || 'none'}`,
      'steps and budget together are the most steps within a time',
    );
  }
  if (model.start >= model.steps) {
    fail(`model.start: needs less than model.steps (${model.steps}), got ${model.start}`);
  }
  if (model.skip > model.start) {
    fail(`model.skip: needs at most model.start (${model.start}), got ${model.skip}`);
  }
  if (training.patience !== null && training.validateEvery === null) {
    fail(
      `training.patience: needs training.validateEvery, got patience ${training.patience} without validation`,
    );
  }
  const { maxTimestep } = training;
  if (maxTimestep !== null && (maxTimestep < model.start || maxTimestep > model.steps)) {
    fail(
      `training.maxTimestep: needs model.start (${model.start}) to model.steps (${model.steps}), got ${maxTimestep}`,
    );
  }
  if (model.imageSize !== null && data.imageSize % model.imageSize !== 0) {
    fail(
      `model.imageSize: needs a whole part of data.imageSize (${data.imageSize}), got ${model.imageSize}`,
      `null reconstructs at data.imageSize`,
    );
  }
  if (data.window !== null && !(data.window[0] < data.window[1])) {
    fail(`data.window: needs [low, high], the lower first, got [${data.window.join(', ')}]`);
  }
  if (data.tiles !== null) checkTiles({ data, scoring, memory }, fail);
  if (memory.vectors > 0 && scoring.normalization !== 'robust') {
    fail(
      `memory.vectors: needs scoring.normalization robust, got ${scoring.normalization}`,
      'memory.vectors 0 leaves the memory out',
    );
  }
  // a Gaussian blur is cut off at four sigma and mirrors that much of the map
  if (Math.trunc(4 * scoring.sigma + 0.5) >= data.imageSize) {
    fail(
      `scoring.sigma: needs less than a quarter of data.imageSize (${data.imageSize}), got ${scoring.sigma}`,
      `${data.imageSize / 64} suits maps of this size`,
    );
  }
  if (model.betaStart > model.betaEnd || model.betaEnd >= 1) {
    fail(`model: needs betaStart <= betaEnd < 1, got ${model.betaStart} and ${model.betaEnd}`);
  }
  try {
    featuresArchitecture({ features });
  } catch (error) {
    if (!UserError.isInstance(error)) throw error;
    fail(error.reason, error.remedy);
  }
  if (!['folder', 'list', 'mtd'].includes(data.kind) && data.category === null) {
    fail(`data.category: needs the name of a sub-folder of ${data.root}`, 'give data.category');
  }
}

/** What has no meaning where a picture is cut into tiles. */
function checkTiles(
  { data, scoring, memory }: Pick<Config, 'data' | 'scoring' | 'memory'>,
  fail: (message: string, remedy?: string) => never,
): void {
  if (data.fit !== 'stretch') {
    fail(`data.fit: tiles are square, so that nothing is to fit: data.tiles needs stretch, got ${data.fit}`);
  }
  if (scoring.crop !== null) {
    fail(`scoring.crop: data.tiles needs null, got ${scoring.crop}`, 'data.roi says what is judged');
  }
  if (scoring.normalization === 'batch') {
    fail(
      'scoring.normalization: data.tiles needs robust or calibrated, got batch',
      'a tile is judged by itself',
    );
  }
  if (scoring.referencePro) {
    fail('scoring.referencePro: data.tiles needs false, got true', 'the exact PRO is reported');
  }
  if (memory.position > 0) {
    fail(
      `memory.position: data.tiles needs 0, got ${memory.position}`,
      'the place in a tile is none in the picture',
    );
  }
}

/** Whether more keys are the reference's than this project's. */
function isReference(input: unknown): boolean {
  const keys = leafKeys(input);
  const ours = new Set(schemaKeys(configSchema));
  const theirs = new Set(schemaKeys(referenceSchema));
  const onlyTheirs = keys.filter((k) => theirs.has(k) && !ours.has(k)).length;
  const onlyOurs = keys.filter((k) => ours.has(k) && !theirs.has(k)).length;
  return onlyTheirs > onlyOurs;
}
