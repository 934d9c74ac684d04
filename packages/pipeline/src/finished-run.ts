import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { checkOptions } from '@ddad/detector';
import { checkpointFolder, resultsFolder } from './checkpoint/folders.js';
import { findManifest } from './checkpoint/manifest-file.js';
import { resolveFeatures } from './checkpoint/resolve-features.js';
import { loadConfig } from './config/load-config.js';
import type { Config, ConfigInput } from './config/schema.js';
import { openData } from './data/open-data.js';
import { regionPaths } from './data/region-of-config.js';
import type { Report } from './evaluation/report.js';
import { sha256 } from './io/sha256.js';
import { settingsOf, tunedConfigName, withSettings } from './tune/settings.js';

export interface FinishedRunOptions {
  /** Whether the first stage is all there is to do. @default false */
  instant?: boolean;
  /** Whether a tuning is to have chosen how the detector reconstructs and scores. @default false */
  tune?: boolean;
}

/**
 * The report of a run that has nothing left to do: the same configuration, weights that are still those it was made
 * with, as many images, and none newer than it. Otherwise undefined.
 *
 * @throws {UserError} missing data
 */
export async function finishedRun(
  config: ConfigInput | string,
  options: FinishedRunOptions = {},
): Promise<Report | undefined> {
  checkOptions('finishedRun', options, { instant: true, tune: true });
  const { instant = false, tune = false } = options;
  const { config: asked } = await resolveFeatures(loadConfig(config), { keep: false });
  const resolved = tune ? await tunedFrom(asked) : asked;
  if (!resolved) return undefined;
  const folder = checkpointFolder(resolved);
  const metrics = join(resultsFolder(resolved), 'metrics.json');
  const manifest = await findManifest(folder);
  const report = await readReport(metrics);
  if (!manifest || !report) return undefined;
  if (!isDeepStrictEqual(report.config, plain(resolved))) return undefined;
  if (!instant && !manifest.unet) return undefined;
  if (manifest.threshold?.value !== report.threshold) return undefined;
  for (const file of Object.values(report.files)) if (!(await modified(file))) return undefined;

  const { train, test } = await openData(resolved);
  if (train.length !== report.dataset.train || test.length !== report.dataset.test) return undefined;
  const made = (await modified(metrics))!;
  const pictures = [...train, ...test].flatMap(({ imagePath, maskPath }) => [imagePath, maskPath]);
  for (const path of [...pictures, ...regionPaths(resolved)]) {
    if (path !== undefined && ((await modified(path)) ?? Number.POSITIVE_INFINITY) > made) return undefined;
  }
  for (const weights of [manifest.unet, manifest.features, manifest.memory]) {
    if (!weights) continue;
    const bytes = await readFile(join(folder, weights.file)).catch(() => undefined);
    if (!bytes || sha256(bytes) !== weights.sha256) return undefined;
  }
  return report;
}

/** `config` with what a tuning of its detector has chosen; undefined where there was none, or of another configuration. */
async function tunedFrom(config: Config): Promise<Config | undefined> {
  const path = join(checkpointFolder(config), tunedConfigName);
  if (!(await modified(path))) return undefined;
  const tuned = loadConfig(path);
  const chosen = withSettings(config, settingsOf(tuned, null));
  const same = { ...chosen, scoring: { ...chosen.scoring, weights: tuned.scoring.weights } };
  return isDeepStrictEqual(plain(same), plain(tuned)) ? tuned : undefined;
}

const plain = (config: Config): unknown => JSON.parse(JSON.stringify(config));

async function readReport(path: string): Promise<Report | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Report;
  } catch {
    // none, or not one: the run is done again
    return undefined;
  }
}

/** Milliseconds; undefined where there is no such file. */
async function modified(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.mtimeMs;
}
