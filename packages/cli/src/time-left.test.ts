import { expect, test } from 'vitest';
import { formatSeconds, timeLeft } from './time-left.js';

test('time left follows the latest pace, not the slow first step', () => {
  const left = timeLeft(110, { window: 5 });
  expect(left(0, 0)).toBeUndefined();
  expect(left(1, 60_000)).toBeCloseTo(60 * 109);
  let last: number | undefined;
  for (let step = 2; step <= 10; step++) last = left(step, 60_000 + (step - 1) * 1000);
  expect(last).toBeCloseTo(100);
});

test('no progress gives no estimate', () => {
  const left = timeLeft(10);
  left(3, 0);
  expect(left(3, 1000)).toBeUndefined();
});

test.each([
  [0, '0 s'],
  [59.4, '59 s'],
  [59.6, '1 min 00 s'],
  [80, '1 min 20 s'],
  [3599.6, '1 h 00 min'],
  [7500, '2 h 05 min'],
  [90_000, '25 h 00 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});
