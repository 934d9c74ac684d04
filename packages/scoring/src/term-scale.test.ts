import { expect, test } from 'vitest';
import { termScale } from './term-scale.js';

const of = (...values: number[]) => Float32Array.from(values);

test('the median of the images’ maxima', () => {
  expect(termScale([of(1, 2, 9), of(2, 3, 4), of(5, 0, 3)])).toBe(5);
  expect(termScale([of(1, 8), of(3, 2)])).toBe(5.5);
});

test('a few images that are not good hardly move it', () => {
  const good = Array.from({ length: 19 }, (_, i) => of(1, 2 + i / 100));
  expect(Math.abs(termScale([...good, of(50, 1000)]) - termScale(good))).toBeLessThan(0.02);
});

test('needs maps of finite values', () => {
  expect(() => termScale([])).toThrow(/at least one good image, got none/);
  expect(() => termScale([of(1), of(Number.NaN)])).toThrow(/got others in map 1/);
});
