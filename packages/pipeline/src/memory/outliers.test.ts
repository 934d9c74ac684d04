import { normal } from '@ddad/nn';
import { expect, test } from 'vitest';
import { outliers } from './outliers.js';

test('scores out of line are named, the largest first, and none of a log-normal sample', () => {
  const scores = Array.from(normal(7, 200), (value) => Math.exp(0.1 * value));
  expect(outliers(scores)).toEqual([]);
  const planted = [...scores];
  planted[20] = 2;
  planted[90] = 3;
  expect(outliers(planted)).toEqual([90, 20]);
});

test('one in twenty does not hide the others', () => {
  const scores = Array.from(normal(3, 100), (value) => Math.exp(0.1 * value));
  for (let i = 0; i < 5; i++) scores[i * 20] = 2.5 + i / 10;
  expect(outliers(scores)).toEqual([80, 60, 40, 20, 0]);
});
