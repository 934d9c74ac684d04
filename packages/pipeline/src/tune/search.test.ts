import { expect, test } from 'vitest';
import { gainOf, mean, type Quality, qualityOf } from './quality.js';
import { search } from './search.js';
import type { Axis, Settings } from './settings.js';

const present: Settings = {
  model: { w: 4, start: 250, skip: 25, levels: [100], v: 1 },
  sigma: 4,
  weights: null,
};
const at = (sigma: number): Settings => ({ ...present, sigma });

/** Forty defects found at `found`, but for `worse` of them, which are not. */
const quality = (found: number, worse = 0): Quality => ({
  found: Array.from({ length: 40 }, (_, i) => (i < worse ? 0 : found)),
  placed: Array.from({ length: 40 }, () => Number.NaN),
});

const axis = (name: string, ...sigmas: number[]): Axis => ({
  name,
  candidates: () => sigmas.map(at),
});

test('the quality is the image AUROC, and the pixel AUROC of each image that has both kinds of pixel', () => {
  const map = Float32Array.of(3, 1, 2, 0);
  const { found, placed } = qualityOf(
    [1, 2, 3, 4],
    [
      { score: 3, map, mask: Uint8Array.of(1, 0, 0, 0) },
      { score: 5, map, mask: Uint8Array.of(0, 1, 0, 0) },
      { score: 0, map, mask: Uint8Array.of(0, 0, 0, 0) },
    ],
  );
  expect(found).toEqual([0.625, 1, 0]);
  expect(placed).toEqual([1, 1 / 3, Number.NaN]);
  expect(mean(placed)).toBeCloseTo(2 / 3, 12);
});

test('a gain has the interval of a paired bootstrap: that of a binomial distribution here', () => {
  const gain = gainOf(quality(1), quality(1, 10), { seed: 1 });
  expect(gain.mean).toBeCloseTo(0.25, 12);
  // 5 % and 95 % quantiles of Binomial(40, 0.25) are 6 and 15
  expect(Math.abs(gain.low - 6 / 40)).toBeLessThanOrEqual(1 / 40);
  expect(Math.abs(gain.high - 15 / 40)).toBeLessThanOrEqual(1 / 40);
  expect(gainOf(quality(1), quality(1, 10), { seed: 1 })).toEqual(gain);
});

test('settings are left for the best of an axis that is surely better, and the next axis starts there', async () => {
  const qualities = new Map([
    [4, quality(0.8)],
    [2, quality(0.805)],
    [6, quality(0.95, 1)],
    [8, quality(0.9)],
    // as often better as worse
    [3, quality(1, 4)],
  ]);
  const measured: number[] = [];
  const starts: number[] = [];
  const { trials, best } = await search(present, {
    axes: [
      axis('coarse', 2, 8, 6),
      {
        name: 'fine',
        candidates: (from) => {
          starts.push(from.sigma);
          return [at(4), at(3)];
        },
      },
    ],
    measure: async ({ sigma }) => {
      measured.push(sigma);
      return qualities.get(sigma)!;
    },
    seed: 1,
  });
  // none is measured twice
  expect(measured).toEqual([4, 2, 8, 6, 3]);
  expect(starts).toEqual([6]);
  expect(best.settings.sigma).toBe(6);
  expect(trials.map(({ axis: name }) => name)).toEqual(['present', 'coarse', 'coarse', 'coarse', 'fine']);
});
