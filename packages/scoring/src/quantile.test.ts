import { gauss, uniform } from '@ddad/testing';
import { expect, it } from 'vitest';
import { quantile } from './quantile.js';

const inOrder = (values: Float64Array, p: number) => {
  const sorted = values.toSorted();
  const at = p * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (at - Math.floor(at)) * (high - low);
};

it.each([
  ['normal', Float64Array.from(gauss('quantile', [1000]))],
  ['equal in parts', Float64Array.from(uniform('ties', [1001]), (value) => Math.round(3 * value))],
  ['all equal', new Float64Array(64).fill(2)],
  ['ascending', Float64Array.from({ length: 500 }, (_, i) => i)],
  ['descending', Float64Array.from({ length: 500 }, (_, i) => -i)],
  ['organ pipe', Float64Array.from({ length: 501 }, (_, i) => -Math.abs(250 - i))],
  ['one', Float64Array.of(5)],
  ['two', Float64Array.of(5, -1)],
])('is what sorting finds: %s values', (_, values) => {
  const before = values.slice();
  for (let p = 0; p <= 1; p += 1 / 64) expect(quantile(values, p)).toBe(inOrder(values, p));
  expect(values).toEqual(before);
});
