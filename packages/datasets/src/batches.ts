import { checkOptions } from '@ddad/options';
import { permutation } from './random.js';

export interface BatchesOptions {
  batchSize: number;
  /** @default 0 */
  seed?: number;
  /** Each epoch has its own order, which depends on `seed` and `epoch` alone: resuming needs nothing else. @default 0 */
  epoch?: number;
  /** @default true */
  shuffle?: boolean;
  /** Leaves out a last batch that is not full. @default false */
  dropLast?: boolean;
}

/**
 * One epoch of `items` (samples, or indices into them) in batches, in an order drawn from (seed, epoch).
 *
 * With fewer items than `batchSize` and `dropLast` there is no batch; lower `batchSize` to `items.length` if one
 * is wanted.
 *
 * @throws if `batchSize` is no positive integer, or `seed` or `epoch` is no integer
 */
export function batches<T>(items: readonly T[], options: BatchesOptions): T[][] {
  checkOptions('batches', options, {
    batchSize: true,
    seed: true,
    epoch: true,
    shuffle: true,
    dropLast: true,
  });
  const { batchSize, seed = 0, epoch = 0, shuffle = true, dropLast = false } = options;
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new Error(`batches: batchSize must be a positive integer, got ${batchSize}`);
  }
  if (!Number.isInteger(seed) || !Number.isInteger(epoch)) {
    throw new Error(`batches: seed and epoch must be integers, got ${seed} and ${epoch}`);
  }
  const ordered = shuffle ? Array.from(permutation(items.length, seed, epoch), (i) => items[i]!) : items;
  const result: T[][] = [];
  for (let at = 0; at < ordered.length; at += batchSize) {
    const batch = ordered.slice(at, at + batchSize);
    if (batch.length === batchSize || !dropLast) result.push(batch);
  }
  return result;
}
