import { UserError } from '@ddad/detector';

/** One run of a reproduction. */
export interface Cell {
  /** Of a data set without categories: its name. */
  category: string;
  seed: number;
}

export interface Shard {
  /** From 1 on. */
  index: number;
  count: number;
}

/** All runs, seed by seed: what is cut short has every category with the seeds it has. */
export function cellsOf({
  categories,
  seeds,
}: {
  categories: readonly string[];
  seeds: readonly number[];
}): Cell[] {
  return seeds.flatMap((seed) => categories.map((category) => ({ category, seed })));
}

/**
 * The runs that are one of several workers': every n-th, so that they are parted without anybody who parts them.
 *
 * @throws {UserError} there is no such shard
 */
export function shardOf(cells: readonly Cell[], { index, count }: Shard): Cell[] {
  const isOne = Number.isSafeInteger(index) && Number.isSafeInteger(count) && index >= 1 && index <= count;
  if (!isOne) {
    throw new UserError(`option shard: needs one of 1/n to n/n, got ${index}/${count}`, { code: 'option' });
  }
  return cells.filter((_, i) => i % count === index - 1);
}
