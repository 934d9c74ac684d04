import { expect, test } from 'vitest';
import { shrink } from './shrink.js';

test('each value is the rounded mean of its block, channel by channel', () => {
  // 4 x 4, two channels: the second is 100 more
  const image = Uint8Array.from({ length: 32 }, (_, i) => (i >> 1) + 100 * (i % 2));
  const mean = (...values: number[]) => Math.round(values.reduce((a, b) => a + b) / values.length);
  expect([...shrink(image, { from: 4, to: 2 })]).toEqual(
    [mean(0, 1, 4, 5), mean(2, 3, 6, 7), mean(8, 9, 12, 13), mean(10, 11, 14, 15)].flatMap((v) => [
      v,
      v + 100,
    ]),
  );
  expect(shrink(image, { from: 4, to: 4 })).toBe(image);
});

test('needs a whole part of the side', () => {
  expect(() => shrink(new Uint8Array(48), { from: 4, to: 3 })).toThrow(
    /part of its side, got 48 bytes, 4 and 3/,
  );
});
