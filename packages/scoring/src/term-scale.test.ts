import { expect, test } from 'vitest';
import { termScale } from './term-scale.js';

const of = (...values: number[]) => Float32Array.from(values);

test('medians over the images of their medians and of their maxima', () => {
  const maps = [of(1, 2, 9), of(2, 3, 4), of(5, 0, 3)];
  // medians 2, 3, 3; maxima 9, 4, 5
  expect(termScale(maps)).toEqual({ location: 3, scale: 2 });
  expect(termScale([of(1, 2, 3, 8)])).toEqual({ location: 2.5, scale: 5.5 });
});

test('a few images that are not good hardly move it', () => {
  const good = Array.from({ length: 19 }, (_, i) => of(0.9 + i / 100, 1, 2 + i / 100));
  const { location, scale } = termScale([...good, of(50, 60, 1000)]);
  expect(location).toBeCloseTo(1, 6);
  expect(Math.abs(scale - termScale(good).scale)).toBeLessThan(0.02);
});

test('needs maps of finite values', () => {
  expect(() => termScale([])).toThrow(/at least one good image, got none/);
  expect(() => termScale([of(1), of(Number.NaN)])).toThrow(/got others in map 1/);
});
