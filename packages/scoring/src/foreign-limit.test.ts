import { expect, test } from 'vitest';
import { studentTQuantile } from './distributions.js';
import { foreignLimit } from './foreign-limit.js';

// scipy.stats.t.isf
test.each([
  [2, 22.327124770119873, 4.302652729749464],
  [8, 4.500790933723724, 2.3060041352041662],
  [27, 3.4210336212293058, 2.0518305164802846],
  [100, 3.173739493738783, 1.983971518523552],
])('quantiles of Student’s t with %i degrees are those of scipy', (degrees, rare, usual) => {
  expect(studentTQuantile(1e-3, { degrees }) / rare).toBeCloseTo(1, 9);
  expect(studentTQuantile(0.025, { degrees }) / usual).toBeCloseTo(1, 9);
});

test('where good images are alike, a third above the largest', () => {
  expect(foreignLimit([2, 2.01, 2.02, 1.99])).toBeCloseTo(1.35 * 2.02, 12);
  expect(foreignLimit([3, 3, 3])).toBeCloseTo(4.05, 12);
});

test('where they differ, the upper prediction limit of their logarithms', () => {
  // exp(mean + t.isf(1e-3, 4) * std * sqrt(1 + 1 / 5)) with numpy and scipy
  expect(foreignLimit([2.1, 2.9, 2.4, 3.3, 2.2])).toBeCloseTo(11.413900317605737, 9);
});

test('a limit scales with the distances', () => {
  const distances = [2.1, 2.9, 2.4, 3.3, 2.2, 2.6];
  expect(foreignLimit(distances.map((d) => 7 * d)) / foreignLimit(distances)).toBeCloseTo(7, 9);
});

test.each([
  [[1, 2], 'needs at least 3 good images, got 2'],
  [[1, 2, 0], 'needs finite distances > 0, got 0 at index 2'],
  [[1, Number.NaN, 2], 'got NaN at index 1'],
])('%j is refused', (distances, message) => {
  expect(() => foreignLimit(distances)).toThrow(message);
});
