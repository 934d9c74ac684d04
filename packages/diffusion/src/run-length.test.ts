import { expect, it } from 'vitest';
import { runLength } from './run-length.js';

const free = { seconds: Number.POSITIVE_INFINITY, bytesPerStep: 1e6 };

it('takes as many steps as four seconds have room for, once the time of one is known', () => {
  const lengths = runLength();
  expect(lengths.next(free)).toBe(1);
  lengths.took({ steps: 1, seconds: 12 }); // with tracing and loading
  expect(lengths.next(free)).toBe(1);
  lengths.took({ steps: 1, seconds: 0.5 });
  expect(lengths.next(free)).toBe(8);
  lengths.took({ steps: 8, seconds: 1.6 });
  expect(lengths.next(free)).toBe(20);
  lengths.took({ steps: 20, seconds: 100 });
  expect(lengths.next(free)).toBe(1);
});

it('ends where something is to happen, and takes only so many bytes and steps at once', () => {
  const lengths = runLength();
  for (let i = 0; i < 2; i++) lengths.took({ steps: 1, seconds: 0.01 });
  expect(lengths.next(free)).toBe(64);
  expect(lengths.next({ ...free, seconds: 0.055 })).toBe(5);
  expect(lengths.next({ ...free, seconds: -1 })).toBe(1);
  expect(lengths.next({ ...free, bytesPerStep: 100e6 })).toBe(5);
  expect(lengths.next({ ...free, bytesPerStep: 1e9 })).toBe(1);
});

it('takes the number that is given', () => {
  const lengths = runLength(7);
  for (let i = 0; i < 3; i++) lengths.took({ steps: 7, seconds: 100 });
  expect(lengths.next({ ...free, seconds: 0 })).toBe(7);
});
