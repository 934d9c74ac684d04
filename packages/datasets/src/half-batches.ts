import { type BatchesOptions, batches } from './batches.js';

/** Two disjoint halves of a batch, of equal length. */
export interface BatchPair<T> {
  target: T[];
  input: T[];
}

/**
 * Batches split in two halves, as domain adaptation needs them (paper, section 3.3): `input` is reconstructed
 * conditioned on `target`. `batchSize` counts both; a batch of odd length loses its last item, one of a single
 * item is left out.
 */
export function halfBatches<T>(items: readonly T[], options: BatchesOptions): BatchPair<T>[] {
  return batches(items, options)
    .map((batch) => {
      const half = Math.floor(batch.length / 2);
      return { target: batch.slice(0, half), input: batch.slice(half, 2 * half) };
    })
    .filter(({ target }) => target.length > 0);
}
