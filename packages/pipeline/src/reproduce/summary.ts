import type { Metrics } from '../evaluation/measure.js';
import { publishedCounts } from '../published/published-counts.js';
import { publishedResults } from '../published/published-results.js';
import type { Release } from '../published/releases.js';
import type { CellResult } from './cell-result.js';
import type { Experiment } from './experiment.js';

export type MetricName = keyof Metrics;

/** Mean over seeds. */
export interface Averaged {
  mean: number;
  /** Standard deviation of a sample (n - 1); null for one value. */
  deviation: number | null;
  /** Seeds with a value. */
  n: number;
}

export interface Compared {
  ours?: Averaged;
  paper?: number;
  /** Ours - the paper's. */
  difference?: number;
}

export interface CategorySummary {
  category: string;
  metrics: Partial<Record<MetricName, Compared>>;
  runs: Omit<CellResult, 'category'>[];
  /** How the images differ from those of the published set of this name, whose results are then left out. */
  otherImages?: string;
  /** What every run's result follows from, but seed and place. */
  settings: Record<string, unknown>;
}

/** Ours beside the paper's. It depends on the runs alone: no times, no dates, no places. */
export interface Reproduction {
  dataset: string;
  kind: string;
  preset: unknown;
  release: Release;
  seeds: number[];
  /** Seconds; null where nothing was to be cut. */
  budget: number | null;
  categories: CategorySummary[];
  /** Of the categories that have a value; the paper's of the same ones. */
  means: Partial<Record<MetricName, Compared & { categories: number }>>;
  /** Runs that failed, were not done and were shortened, a line each. */
  failed: string[];
  missing: string[];
  cut: string[];
}

/** Puts the runs of a reproduction together. */
export function summarize(experiment: Experiment, cells: readonly CellResult[]): Reproduction {
  const { dataset, kind, release, seeds, budget } = experiment;
  const categories = experiment.categories.map(({ name, settings }) => {
    const runs = cells.filter(({ category }) => category === name);
    const otherImages = otherImagesOf(runs, kind);
    return {
      category: name,
      metrics: compared(runs, otherImages ? undefined : publishedResults(kind, name, release)),
      ...(otherImages && { otherImages }),
      runs: runs.map(({ category, ...run }) => run),
      settings,
    };
  });
  const named = ({ category, seed }: CellResult) => `${category}, seed ${seed}`;
  return {
    dataset,
    kind,
    preset: experiment.categories[0].settings.preset,
    release,
    seeds,
    budget,
    categories,
    means: meansOf(categories, seeds),
    failed: cells.filter(({ state }) => state === 'failed').map((cell) => `${named(cell)}: ${cell.reason}`),
    missing: cells.filter(({ state }) => state === 'missing').map(named),
    cut: cells.filter(({ cut }) => cut).map((cell) => `${named(cell)}: ${cell.cut!.join(', ')}`),
  };
}

function otherImagesOf(runs: readonly CellResult[], kind: string): string | undefined {
  for (const { category, state, train, test } of runs) {
    const published = publishedCounts(kind, category);
    if (state !== 'finished' || !published) continue;
    if (train === published.train && test === published.test) continue;
    return `${train} training and ${test} test images, not ${published.train} and ${published.test}`;
  }
  return undefined;
}

function compared(
  runs: readonly CellResult[],
  paper: Partial<Record<MetricName, number>> = {},
): CategorySummary['metrics'] {
  const finished = runs.filter(({ state }) => state === 'finished');
  const keys = new Set([...finished.flatMap(({ metrics }) => Object.keys(metrics!)), ...Object.keys(paper)]);
  const entries = ([...keys] as MetricName[]).map((key) => {
    const values = finished.flatMap(({ metrics }) => metrics![key] ?? []);
    return [key, compare(values.length ? average(values) : undefined, paper[key])];
  });
  return Object.fromEntries(entries);
}

function compare(ours: Averaged | undefined, paper: number | undefined): Compared {
  return {
    ...(ours && { ours }),
    ...(paper !== undefined && { paper }),
    ...(ours && paper !== undefined && { difference: ours.mean - paper }),
  };
}

function meansOf(categories: readonly CategorySummary[], seeds: readonly number[]): Reproduction['means'] {
  const keys = new Set(categories.flatMap(({ metrics }) => Object.keys(metrics) as MetricName[]));
  const means: Reproduction['means'] = {};
  for (const key of keys) {
    const known = categories.filter(({ metrics }) => metrics[key]?.ours);
    if (!known.length) continue;
    const mean = meanOf(known.map(({ metrics }) => metrics[key]!.ours!.mean));
    // how much the mean moves with the seed: of the seeds that every one of them has
    const bySeed = seeds.flatMap((seed) => {
      const values = known.map(
        ({ runs }) => runs.find((run) => run.seed === seed && run.state === 'finished')?.metrics?.[key],
      );
      return values.every((value) => value !== undefined) ? [meanOf(values as number[])] : [];
    });
    const { deviation } = bySeed.length ? average(bySeed) : { deviation: null };
    const published = known.flatMap(({ metrics }) => metrics[key]!.paper ?? []);
    const paper = published.length === known.length ? meanOf(published) : undefined;
    means[key] = {
      ...compare({ mean, deviation, n: bySeed.length }, paper),
      categories: known.length,
    };
  }
  return means;
}

/** Mean and deviation of at least one value. */
export function average(values: readonly number[]): Averaged {
  const mean = meanOf(values);
  const n = values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : null, n };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
