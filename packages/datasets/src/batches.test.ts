import { describe, expect, it } from 'vitest';
import { batches } from './batches.js';
import { halfBatches } from './half-batches.js';

const items = Array.from({ length: 23 }, (_, i) => i);

describe('batches', () => {
  it('has every item once, in another order each epoch, the same for the same seed and epoch', () => {
    const epoch = (seed: number, n: number) => batches(items, { batchSize: 5, seed, epoch: n });
    expect(epoch(1, 0).map((batch) => batch.length)).toEqual([5, 5, 5, 5, 3]);
    expect(
      epoch(1, 0)
        .flat()
        .sort((a, b) => a - b),
    ).toEqual(items);
    expect(epoch(1, 0)).toEqual(epoch(1, 0));
    expect(epoch(1, 1)).not.toEqual(epoch(1, 0));
    expect(epoch(2, 0)).not.toEqual(epoch(1, 0));
  });

  it('keeps the order without shuffle and drops the rest with dropLast', () => {
    expect(batches([1, 2, 3], { batchSize: 2, shuffle: false })).toEqual([[1, 2], [3]]);
    expect(batches([1, 2, 3], { batchSize: 2, shuffle: false, dropLast: true })).toEqual([[1, 2]]);
    expect(batches([1], { batchSize: 2, dropLast: true })).toEqual([]);
    expect(batches([], { batchSize: 2 })).toEqual([]);
  });

  it('puts every item everywhere equally often', () => {
    const n = 5;
    const counts = new Float64Array(n * n);
    const epochs = 4000;
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = batches([0, 1, 2, 3, 4], { batchSize: n, seed: 7, epoch })[0]!;
      for (const [place, item] of order.entries()) counts[place * n + item] = counts[place * n + item]! + 1;
    }
    // Chi-squared with 16 degrees of freedom: 39.3 is exceeded once in a thousand.
    const expected = epochs / n;
    expect(counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(39.3);
  });

  it('refuses senseless options', () => {
    expect(() => batches(items, { batchSize: 0 })).toThrow('batchSize must be a positive integer, got 0');
    expect(() => batches(items, { batchSize: 2, seed: 0.5 })).toThrow('must be integers');
  });
});

describe('halfBatches', () => {
  it('splits each batch in two halves of equal length', () => {
    const pairs = halfBatches(items, { batchSize: 8, seed: 3 });
    expect(pairs.map(({ target, input }) => [target.length, input.length])).toEqual([
      [4, 4],
      [4, 4],
      [3, 3],
    ]);
    const used = pairs.flatMap(({ target, input }) => [...target, ...input]);
    expect(new Set(used).size).toBe(used.length);
    expect(halfBatches([1], { batchSize: 8 })).toEqual([]);
  });
});
