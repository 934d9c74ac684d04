import { expect, test } from 'vitest';
import { cellsOf, shardOf } from './shard.js';

test('shards part the runs: each in one, none twice, no shard two larger than another', () => {
  for (const [categories, seeds] of [
    [1, 1],
    [6, 2],
    [15, 3],
    [12, 5],
  ]) {
    const cells = cellsOf({
      categories: Array.from({ length: categories }, (_, i) => `c${i}`),
      seeds: Array.from({ length: seeds }, (_, i) => i),
    });
    expect(cells).toHaveLength(categories * seeds);
    for (let count = 1; count <= cells.length + 2; count++) {
      const shards = Array.from({ length: count }, (_, i) => shardOf(cells, { index: i + 1, count }));
      expect(new Set(shards.flat())).toEqual(new Set(cells));
      expect(shards.flat()).toHaveLength(cells.length);
      const sizes = shards.map(({ length }) => length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  }
});

test('the first seed of every category comes before the second of any', () => {
  const cells = cellsOf({ categories: ['a', 'b'], seeds: [42, 43] });
  expect(cells.map(({ category, seed }) => `${category}${seed}`)).toEqual(['a42', 'b42', 'a43', 'b43']);
});

test.each([
  [0, 3],
  [4, 3],
  [1, 0],
  [1.5, 3],
  [Number.NaN, 3],
])('there is no shard %s of %s', (index, count) => {
  expect(() => shardOf([], { index, count })).toThrow(`needs one of 1/n to n/n, got ${index}/${count}`);
});
