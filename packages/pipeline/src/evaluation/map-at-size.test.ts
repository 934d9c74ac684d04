import { uniform } from '@ddad/testing';
import { expect, test } from 'vitest';
import { mapAtSize } from './map-at-size.js';

const slope = (side: number, of: (x: number, y: number) => number) =>
  Float32Array.from({ length: side * side }, (_, i) => of(i % side, Math.floor(i / side)));

test('a map at its own size is itself', () => {
  const map = uniform('map-at-size', [16, 16]);
  expect(mapAtSize(map, { side: 16, width: 16, height: 16, fit: 'stretch' })).toEqual(map);
});

test('a plane stays a plane, and beyond the last centres the border goes on', () => {
  const large = mapAtSize(
    slope(8, (x, y) => x + 10 * y),
    { side: 8, width: 24, height: 16, fit: 'stretch' },
  );
  const at = (i: number, scale: number) => Math.min(Math.max((i + 0.5) / scale - 0.5, 0), 7);
  large.forEach((value, i) => {
    expect(value).toBeCloseTo(at(i % 24, 3) + 10 * at(Math.floor(i / 24), 2), 4);
  });
});

test('the bars of `pad` are cut off', () => {
  // a picture twice as wide as high fills rows 2 to 5 of 8
  const map = slope(8, (_, y) => (y < 2 || y > 5 ? -9 : y));
  const picture = mapAtSize(map, { side: 8, width: 8, height: 4, fit: 'pad' });
  expect([...picture]).toEqual([2, 3, 4, 5].flatMap((row) => Array(8).fill(row)));
});
