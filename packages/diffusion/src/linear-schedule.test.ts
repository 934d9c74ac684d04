import { goldens, relativeError } from '@ddad/testing';
import { expect, it } from 'vitest';
import { linearSchedule } from './linear-schedule.js';

it('equals the reference', () => {
  const golden = goldens('schedule');
  const { betas, alphaBar, steps } = linearSchedule();
  expect(betas).toEqual(golden.get('betas')!.data);
  const alphaBars = Float32Array.from({ length: steps + 1 }, (_, i) => alphaBar(i - 1));
  const expected = golden.get('alphas_cumprod_with_leading_one')!.data as Float32Array;
  expect(relativeError(alphaBars, expected)).toBeLessThan(1e-6);
  // the tail is small: compare it relative to itself
  expect(Math.max(...alphaBars.map((a, i) => Math.abs(a / expected[i] - 1)))).toBeLessThan(1e-5);
});

it('has no noise at step -1 and refuses other steps', () => {
  const schedule = linearSchedule({ steps: 10 });
  expect(schedule.alphaBar(-1)).toBe(1);
  expect(() => schedule.alphaBar(10)).toThrow('alphaBar: needs a whole t in -1..9, got 10');
  expect(() => schedule.alphaBar(1.5)).toThrow('got 1.5');
});

it('refuses impossible levels', () => {
  expect(() => linearSchedule({ steps: 1 })).toThrow('linearSchedule: needs at least 2 whole steps, got 1');
  expect(() => linearSchedule({ betaStart: 0.5, betaEnd: 0.1 })).toThrow('got 0.5 and 0.1');
});
