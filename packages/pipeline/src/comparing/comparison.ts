import { metricNames } from '../evaluation/metric-names.js';
import type { Averaged, MetricName } from '../reproduce/summary.js';
import { averageOf, type ComparedRun } from './compared-run.js';

/** A setting in which runs differ. */
export interface SettingDifference {
  key: string;
  /** Absent where it is the same for all categories of each run. */
  category?: string;
  /** Of each run; undefined where it has no such setting. */
  values: unknown[];
}

export interface MetricRow {
  category: string;
  /** Of each run; null where it has none. */
  values: (Averaged | null)[];
  /** Of each run's mean to the first run's; null where one of them is lacking. */
  differences: (number | null)[];
}

/** Runs side by side; the first is what the others are compared with. */
export interface Comparison {
  runs: string[];
  settings: SettingDifference[];
  metrics: {
    metric: MetricName;
    rows: MetricRow[];
    /** Over the categories that every run has; null where there is none. */
    mean: Omit<MetricRow, 'category'> | null;
  }[];
  /** Categories that not every run has. */
  partial: string[];
}

/** Puts runs side by side. */
export function compareAll(runs: readonly ComparedRun[]): Comparison {
  const categories = [
    ...new Set(runs.flatMap(({ categories }) => categories.map(({ category }) => category))),
  ];
  const of = (run: ComparedRun, category: string) =>
    run.categories.find((each) => each.category === category);
  const common = categories.filter((category) => runs.every((run) => of(run, category)));
  const keys = Object.keys(metricNames) as MetricName[];
  const metrics = keys.flatMap((metric) => {
    const rows = categories.map((category) => ({
      category,
      ...row(runs.map((run) => of(run, category)?.metrics[metric] ?? null)),
    }));
    if (!rows.some(({ values }) => values.some((value) => value))) return [];
    const whole = rows.filter(({ values }) => values.every((value) => value));
    const means = runs.map((_, i) => averageOf(whole.map(({ values }) => values[i]?.mean)));
    const mean = whole.length ? row(means.map((each) => (each ? { ...each, deviation: null } : null))) : null;
    return [{ metric, rows, mean }];
  });
  return {
    runs: runs.map(({ name }) => name),
    settings: settingDifferences(runs, common),
    metrics,
    partial: categories.filter((category) => !common.includes(category)),
  };
}

function row(values: (Averaged | null)[]): Omit<MetricRow, 'category'> {
  const [first] = values;
  return { values, differences: values.map((value) => (value && first ? value.mean - first.mean : null)) };
}

function settingDifferences(runs: readonly ComparedRun[], common: readonly string[]): SettingDifference[] {
  const at = ({ categories }: ComparedRun, category: string, key: string) =>
    categories.find((each) => each.category === category)!.settings[key];
  const keys = new Set(
    runs.flatMap(({ categories }) => categories.flatMap(({ settings }) => Object.keys(settings))),
  );
  return [...keys].flatMap((key) => {
    const rows = common.map((category) => ({
      key,
      category,
      values: runs.map((run) => at(run, category, key)),
    }));
    const differing = rows.filter(({ values }) => values.some((value) => !isSame(value, values[0])));
    const isUniform = rows.every(({ values }) => isSame(values, rows[0].values));
    const [first] = differing;
    if (first && isUniform) return [{ key, values: first.values }];
    return differing;
  });
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
