import type { Identity } from '../checkpoint/identity.js';
import { type Averaged, average, type MetricName } from '../reproduce/summary.js';

/** What one side of a comparison has of a category. */
export interface ComparedCategory {
  /** Of a data set without categories: its name. */
  category: string;
  /** Means over its runs. */
  metrics: Partial<Record<MetricName, Averaged>>;
  /** What the result follows from, and seeds and engines. */
  settings: Identity;
}

/** One side of a comparison. */
export interface ComparedRun {
  name: string;
  categories: ComparedCategory[];
}

/** The values of one metric, averaged; undefined where there are none. */
export function averageOf(values: readonly (number | undefined)[]): Averaged | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length ? average(known) : undefined;
}
