import { type TaskOptions, UserError } from '@ddad/detector';
import type { Config, ConfigInput } from '../config/schema.js';
import { openData } from '../data/open-data.js';
import type { Release } from '../published/releases.js';
import { roughTime } from '../training/rough-time.js';
import { trainingCost } from '../training/training-cost.js';
import { categoriesOf } from './categories-of.js';
import { type Counts, estimate, total } from './estimate.js';
import { type Experiment, settingsOf } from './experiment.js';
import { categoryConfig, hasCategories, type Recipe } from './recipe.js';
import { type Cell, cellsOf, type Shard, shardOf } from './shard.js';

/** A run to do. */
export interface PlannedCell {
  cell: Cell;
  /** But seed and places. */
  config: Config;
  /** Undefined where the data cannot be opened, which the run then says. */
  counts?: Counts;
}

/** What to reproduce, and how much of it. */
export interface Scope {
  /** Dotted overrides of the configuration, such as `training.steps=50`. @default [] */
  overrides?: string[];
  /** @default all that the data set has */
  categories?: string[];
  /** Runs of each category, with the configuration's seed and those after it. @default 3 */
  seeds?: number;
  /** Of the DDAD reference: whose settings per category are taken and whose table stands beside. @default 'latest' */
  release?: Release;
  /** Do one of several workers' parts, and leave the table to `collectReproduction`. @default all */
  shard?: Shard;
  /** Seconds after which it ends: trainings are shortened to fit, and the table says what was cut. @default as long as it takes */
  budget?: number;
}

export type PlanReproductionOptions = Scope & Pick<TaskOptions, 'onNotice'>;

/**
 * What is reproduced, and the runs of it that fall to this worker.
 *
 * @throws {UserError} wrong options or configuration, no data set
 */
export async function planReproduction(
  source: ConfigInput | string,
  {
    overrides = [],
    categories,
    seeds: count = 3,
    release = 'latest',
    shard,
    budget,
    onNotice,
  }: PlanReproductionOptions,
): Promise<{ experiment: Experiment; cells: PlannedCell[] }> {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new UserError(`option seeds: needs a whole number, 1 or more, got ${count}`, { code: 'option' });
  }
  checkNames(categories);
  const recipe: Recipe = { source, overrides, release };
  // of a category that need not be there, to learn the kind and the root
  const first = categoryConfig(recipe, categories?.[0] ?? 'any', { onNotice });
  const { data, seed } = hasCategories(first.data.kind) ? first : categoryConfig(recipe, null);
  const names = !hasCategories(data.kind) ? [data.name] : (categories ?? (await categoriesOf(data)));
  const configs = new Map(
    names.map((name) => [name, categoryConfig(recipe, hasCategories(data.kind) ? name : null)]),
  );
  const seeds = Array.from({ length: count }, (_, i) => seed + i);
  const experiment: Experiment = {
    version: 1,
    dataset: data.name,
    kind: data.kind,
    release,
    budget: budget ?? null,
    seeds,
    categories: names.map((name) => ({ name, settings: settingsOf(configs.get(name)!) })),
  };
  const all = cellsOf({ categories: names, seeds });
  const mine = shard ? shardOf(all, shard) : all;
  const counts = new Map<string, Counts | undefined>();
  for (const { category } of mine) {
    if (!counts.has(category)) counts.set(category, await countsOf(configs.get(category)!));
  }
  const cells = mine.map((cell) => ({
    cell,
    config: configs.get(cell.category)!,
    counts: counts.get(cell.category),
  }));
  return { experiment, cells };
}

function checkNames(categories: readonly string[] | undefined): void {
  if (categories?.length === 0) {
    throw new UserError('option categories: needs at least one, got none', { code: 'option' });
  }
  for (const [i, name] of (categories ?? []).entries()) {
    if (!name || /[/\\]/.test(name) || name.startsWith('.')) {
      throw new UserError(`option categories: needs names of folders, got '${name}'`, { code: 'option' });
    }
    if (categories!.indexOf(name) < i) {
      throw new UserError(`option categories: ${name} is given twice`, { code: 'option' });
    }
  }
}

async function countsOf(config: Config): Promise<Counts | undefined> {
  try {
    const { train, test } = await openData(config);
    return { train: Math.max(1, train.filter(({ label }) => label === 0).length), test: test.length };
  } catch (error) {
    if (UserError.isInstance(error)) return undefined; // the run says it, and is named in the table
    throw error;
  }
}

/**
 * What the runs will take, in lines.
 *
 * @param options.pace seconds of a training step for each of its images, where it was measured here
 */
export function describeWork({
  cells,
  open,
  experiment: { categories, seeds },
  pace,
  budget,
}: {
  cells: readonly PlannedCell[];
  open: readonly PlannedCell[];
  experiment: Pick<Experiment, 'categories' | 'seeds'>;
  pace?: number;
  budget?: number;
}): string[] {
  const runs = categories.length * seeds.length;
  const part = cells.length < runs ? `, ${cells.length} of them here` : '';
  const done = cells.length - open.length;
  const finished = done ? `, ${done} finished` : '';
  const counted =
    `${count(runs, 'run', 'runs')} (${count(categories.length, 'category', 'categories')}, ` +
    `${count(seeds.length, 'seed', 'seeds')})${part}${finished}`;
  if (!open.length) return [counted];
  let [steps, seconds] = [0, 0];
  for (const { config, counts } of open) {
    if (!counts) continue;
    const cost = trainingCost(config, counts.train);
    steps += cost.steps;
    const guess = cost.steps ? cost.seconds / (cost.steps * cost.batchSize) : 0;
    seconds += total(estimate(config, counts, pace ?? guess));
  }
  const how = pace === undefined ? 'on two CPU cores' : 'here, by the time that a training step takes';
  const lines = [`${counted}: about ${steps} training steps and ${roughTime(seconds)} ${how}`];
  if (budget !== undefined) {
    lines.push(
      seconds > budget
        ? `shortened to the budget of ${roughTime(budget)}: the table will say what was cut`
        : `the budget of ${roughTime(budget)} is enough`,
    );
  }
  return lines;
}

const count = (n: number, one: string, more: string): string => `${n} ${n === 1 ? one : more}`;
