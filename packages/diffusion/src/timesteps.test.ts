import { expect, it } from 'vitest';
import { evenly, everySkip } from './timesteps.js';

it("visits what Python's reversed(range(0, start, skip)) does", () => {
  expect(everySkip(250, 25)).toEqual([225, 200, 175, 150, 125, 100, 75, 50, 25, 0]);
  expect(everySkip(100, 30)).toEqual([90, 60, 30, 0]);
  expect(everySkip(1, 25)).toEqual([0]);
});

it('visits so many even ones, the first the start', () => {
  expect(evenly(250, 1)).toEqual([250]);
  expect(evenly(250, 3)).toEqual([250, 167, 83]);
  expect(evenly(3, 3)).toEqual([3, 2, 1]);
});
