import { expect, it } from 'vitest';
import { cosine, warmup } from './learning-rate.js';

it('warms up linearly and stays', () => {
  expect([1, 2, 4, 5, 100].map(warmup(4))).toEqual([0.25, 0.5, 1, 1, 1]);
  expect(warmup(0)(1)).toBe(1);
  expect(() => warmup(-1)).toThrow('warmup: needs a whole number of steps, got -1');
});

it('warms up, then falls along half a cosine to the final factor', () => {
  const rate = cosine({ steps: 14, warmupSteps: 4, final: 0.1 });
  expect([1, 4].map(rate)).toEqual([0.25, 1]);
  // the half-way point of Loshchilov & Hutter's eq. 5
  expect(rate(9)).toBeCloseTo(0.1 + 0.9 / 2, 12);
  expect(rate(14)).toBeCloseTo(0.1, 12);
  expect(rate(20)).toBeCloseTo(0.1, 12);
  expect(() => cosine({ steps: 3, warmupSteps: 3 })).toThrow('cosine: needs steps > warmupSteps >= 0');
});
