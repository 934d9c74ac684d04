import { expect, test } from 'vitest';
import { pixelStatistics } from './pixel-statistics.js';
import { zScoreMap } from './z-score-map.js';

const bytes = (...values: number[]) => Uint8Array.from(values);

// numpy: x = [[10, 200], [20, 200], [60, 200]]; x.mean(0), x.std(0, ddof=1)
test('mean and standard deviation are numpy’s', () => {
  const { mean, std } = pixelStatistics([bytes(10, 200), bytes(20, 200), bytes(60, 200)]);
  expect(mean[0]).toBe(30);
  expect(std[0]).toBeCloseTo(26.457513110645905, 5);
  expect([mean[1], std[1]]).toEqual([200, 0]);
});

test('a z-score is the mean over channels, with a floor under the deviation', () => {
  const statistics = { mean: Float32Array.of(10, 20, 30, 40), std: Float32Array.of(2, 4, 0, 0) };
  const map = zScoreMap(bytes(14, 20, 33, 40), statistics, { channels: 2 });
  expect([...map]).toEqual([(2 + 0) / 2, (3 + 0) / 2]);
  expect(zScoreMap(bytes(10, 20, 30, 40), statistics, { channels: 4 })).toEqual(Float32Array.of(0));
});

test('sizes must agree and one image is too few', () => {
  expect(() => pixelStatistics([bytes(1)])).toThrow(/at least 2 images, got 1/);
  expect(() => pixelStatistics([bytes(1), bytes(1, 2)])).toThrow(/image 1/);
  expect(() => zScoreMap(bytes(1), pixelStatistics([bytes(1, 2), bytes(1, 2)]), { channels: 1 })).toThrow();
});
