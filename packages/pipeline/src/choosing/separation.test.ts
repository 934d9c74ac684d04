import { uniform } from '@ddad/nn';
import { expect, test } from 'vitest';
import { separation } from './separation.js';

test('by hand: means 2 and 5, deviation 1 of the good ones', () => {
  expect(separation({ good: [1, 2, 3], defective: [4, 6] })).toBe(3);
  expect(separation({ good: [1, 2, 3], defective: [1, 1] })).toBe(-1);
});

test('neither unit nor origin of the scores changes it, more spread of the good ones lowers it', () => {
  const good = Array.from(uniform(1, 10));
  const defective = Array.from(uniform(2, 48), (value) => value + 1);
  const here = separation({ good, defective });
  const other = (value: number) => 7 * value - 3;
  expect(separation({ good: good.map(other), defective: defective.map(other) })).toBeCloseTo(here, 9);
  const centre = good.reduce((a, b) => a + b) / good.length;
  const wider = good.map((value) => centre + 2 * (value - centre));
  expect(separation({ good: wider, defective })).toBeCloseTo(here / 2, 9);
});

test('nothing finite where good scores do not vary', () => {
  expect(separation({ good: [1], defective: [2] })).toBeNaN();
  expect(separation({ good: [1, 1, 1], defective: [2] })).toBe(Number.POSITIVE_INFINITY);
});
