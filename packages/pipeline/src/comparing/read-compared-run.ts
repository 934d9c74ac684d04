import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@ddad/detector';
import { metricNames } from '../evaluation/metric-names.js';
import type { Report } from '../evaluation/report.js';
import { settingsOf } from '../reproduce/experiment.js';
import type { MetricName, Reproduction } from '../reproduce/summary.js';
import { averageOf, type ComparedCategory, type ComparedRun } from './compared-run.js';

/** A results folder lies at most so deep below what is given: results/mvtec/bottle. */
const deepest = 4;

/**
 * Reads one side of a comparison: `metrics.json` of a run, a folder with those of several, `table.json` of a
 * reproduction or its folder.
 *
 * @throws {UserError} there is none of them, or it cannot be read
 */
export async function readComparedRun(path: string, name: string): Promise<ComparedRun> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw nothing(path, 'there is no such file or folder');
  if (!found.isDirectory()) return { name, categories: categoriesIn([await readJson(path)], path) };
  const table = join(path, 'table.json');
  if (await stat(table).catch(() => undefined)) {
    return { name, categories: categoriesIn([await readJson(table)], table) };
  }
  const files = await metricsBelow(path, deepest);
  if (!files.length) throw nothing(path, 'there are no results in it');
  return { name, categories: categoriesIn(await Promise.all(files.map(readJson)), path) };
}

function nothing(path: string, why: string): UserError {
  return new UserError(`${path}: ${why}`, {
    code: 'option',
    remedy: 'give the results folder of a run (metrics.json), or the folder of a reproduction (table.json)',
  });
}

async function metricsBelow(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.some((entry) => entry.name === 'metrics.json')) return [join(folder, 'metrics.json')];
  if (depth === 0) return [];
  const below = entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'checkpoints')
    .map((entry) => entry.name)
    .sort()
    .map((entry) => metricsBelow(join(folder, entry), depth - 1));
  return (await Promise.all(below)).flat();
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${(error as Error).message}`, { code: 'option', cause: error });
  }
}

/** The categories of a reproduction, or of reports; several runs of one are averaged. */
function categoriesIn(found: readonly unknown[], path: string): ComparedCategory[] {
  const [first] = found;
  if (isReproduction(first)) return first.categories.map(ofReproduction);
  const reports = new Map<string, Report[]>();
  for (const each of found) {
    if (!isReport(each)) throw nothing(path, 'it is neither the results of a run nor a reproduction');
    const category = each.dataset.category ?? each.dataset.name;
    reports.set(category, [...(reports.get(category) ?? []), each]);
  }
  return [...reports].map(([category, runs]) => ({
    category,
    metrics: averaged(runs),
    settings: {
      ...settingsOf(runs[0].config),
      seed: listed(runs.map(({ config }) => config.seed)),
      engine: listed(runs.map(({ engine }) => engine)),
    },
  }));
}

function ofReproduction({ category, runs, settings }: Reproduction['categories'][number]): ComparedCategory {
  const finished = runs.filter(({ state }) => state === 'finished');
  return {
    category,
    metrics: averaged(finished),
    settings: {
      ...settings,
      seed: listed(finished.map(({ seed }) => seed)),
      engine: listed(finished.map(({ engine }) => engine)),
      ...(finished.some(({ cut }) => cut) && { cut: finished.flatMap(({ cut }) => cut ?? []).join('; ') }),
    },
  };
}

function averaged(runs: readonly Pick<Partial<Report>, 'metrics'>[]): ComparedCategory['metrics'] {
  const keys = Object.keys(metricNames) as MetricName[];
  const entries = keys.map((key) => [key, averageOf(runs.map(({ metrics }) => metrics?.[key]))] as const);
  return Object.fromEntries(entries.filter(([, value]) => value));
}

const listed = (values: readonly unknown[]): string => [...new Set(values)].join(', ');

function isReproduction(value: unknown): value is Reproduction {
  const { categories } = (value ?? {}) as Partial<Reproduction>;
  return (
    Array.isArray(categories) && categories.every(({ runs, settings }) => Array.isArray(runs) && settings)
  );
}

function isReport(value: unknown): value is Report {
  const { config, dataset, metrics } = (value ?? {}) as Partial<Report>;
  return [config, dataset, metrics].every((part) => typeof part === 'object' && part !== null);
}
