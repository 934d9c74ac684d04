import { join } from 'node:path';
import { checkOptions, taskKeys, UserError } from '@ddad/detector';
import { checkpointFolder, resultsFolder } from './checkpoint/folders.js';
import { loadConfig } from './config/load-config.js';
import type { Config, ConfigInput } from './config/schema.js';
import type { Metrics } from './evaluation/measure.js';
import { writeAtomic } from './io/write-atomic.js';
import { type Averaged, average, type MetricName } from './reproduce/summary.js';
import { type RunOptions, run } from './run.js';

export interface RunSeedsOptions extends Omit<RunOptions, 'onTuned'> {
  /** How many runs: with the configuration's seed and those after it. @default 3 */
  seeds?: number;
  /** Told before each of them. */
  onSeed?: (run: { seed: number; number: number; seeds: number }) => void;
}

/** What several seeds have in common, and how far they differ. */
export interface SeedsSummary {
  /** In the order of their seeds. */
  runs: SeedRun[];
  /** Mean and standard deviation (n - 1) over the runs that have a value. */
  metrics: Partial<Record<MetricName, Averaged>>;
  threshold: Averaged;
  files: { json: string };
}

export interface SeedRun {
  seed: number;
  metrics: Metrics;
  threshold: number;
  /** Folder of its detector. */
  checkpoints: string;
  /** Folder of its report. */
  results: string;
}

/**
 * {@link run} with several seeds, each in a folder `seed-<n>` below the configuration's own: what of a result is chance.
 * Interrupted or killed, the same call goes on where it was; runs that are finished are not done again.
 *
 * @throws as {@link run}; UserError where `seeds` is no whole number above 0
 */
export async function runSeeds(
  config: ConfigInput | string,
  options: RunSeedsOptions = {},
): Promise<SeedsSummary> {
  checkOptions('runSeeds', options, {
    ...taskKeys,
    ...{ backbone: true, resume: true, overwrite: true, instant: true, tune: true },
    ...{ seeds: true, onSeed: true },
  });
  const { seeds = 3, onSeed, ...each } = options;
  if (!Number.isSafeInteger(seeds) || seeds < 1) {
    throw new UserError(`option seeds: needs a whole number, 1 or more, got ${seeds}`, { code: 'option' });
  }
  const resolved = loadConfig(config, { onNotice: each.onNotice });
  const runs: SeedRun[] = [];
  for (let i = 0; i < seeds; i++) {
    const own = withSeed(resolved, resolved.seed + i);
    onSeed?.({ seed: own.seed, number: i + 1, seeds });
    const { metrics, threshold } = await run(own, each);
    runs.push({
      ...{ seed: own.seed, metrics, threshold },
      ...{ checkpoints: checkpointFolder(own), results: resultsFolder(own) },
    });
  }
  const names = [...new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))] as MetricName[];
  const summary = {
    runs,
    metrics: Object.fromEntries(
      names.map((name) => [name, average(runs.flatMap(({ metrics }) => metrics[name] ?? []))]),
    ),
    threshold: average(runs.map((run) => run.threshold)),
  };
  const json = join(resultsFolder(resolved), 'seeds.json');
  await writeAtomic(json, `${JSON.stringify(summary, null, 2)}\n`);
  return { ...summary, files: { json } };
}

/** The configuration of one of the runs, whose files lie below those of the whole. */
function withSeed({ output, ...config }: Config, seed: number): Config {
  const below = (folder: string) => `${folder.replace(/[/\\]+$/, '')}/seed-${seed}`;
  return {
    ...config,
    seed,
    output: { ...output, checkpoints: below(output.checkpoints), results: below(output.results) },
  };
}
