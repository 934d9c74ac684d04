import { expect, test } from 'vitest';
import { termScale } from './term-scale.js';

const of = (...values: number[]) => Float32Array.from(values);

test('the median of how far the images’ maxima lie above their medians', () => {
  // 9 - 2, 4 - 3, 5 - 3
  expect(termScale([of(1, 2, 9), of(2, 3, 4), of(5, 0, 3)])).toBe(2);
  // 8 - 2, 3 - 2.5
  expect(termScale([of(1, 2, 2, 8), of(3, 2)])).toBe(3.25);
});

test('of maps that are the same everywhere it is what they are', () => {
  expect(termScale([of(3), of(5), of(4)])).toBe(4);
});

test('a few images that are not good hardly move it', () => {
  const good = Array.from({ length: 19 }, (_, i) => of(1, 2 + i / 100));
  expect(Math.abs(termScale([...good, of(50, 1000)]) - termScale(good))).toBeLessThan(0.02);
});

test('needs maps of finite values', () => {
  expect(() => termScale([])).toThrow(/at least one good image, got none/);
  expect(() => termScale([of(1), of(Number.NaN)])).toThrow(/got others in map 1/);
});
