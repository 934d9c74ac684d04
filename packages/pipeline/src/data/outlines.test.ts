import type { Polygon } from '@ddad/detector';
import { uniform } from '@ddad/nn';
import { expect, test } from 'vitest';
import { outlines } from './outlines.js';

const [width, height] = [60, 40];
const picture = (isIn: (x: number, y: number) => boolean) =>
  Uint8Array.from({ length: width * height }, (_, i) =>
    isIn((i % width) + 0.5, Math.floor(i / width) + 0.5) ? 255 : 0,
  );

/** By the non-zero rule, from the angle that a walk along the polygon turns by around the point. */
function winds(polygon: Polygon, x: number, y: number): boolean {
  const angles = polygon.map(([px, py]) => Math.atan2(py * height - y, px * width - x));
  const turned = angles.reduce((sum, angle, i) => {
    const before = angles.at(i - 1)!;
    return sum + Math.atan2(Math.sin(angle - before), Math.cos(angle - before));
  }, 0);
  return Math.round(turned / (2 * Math.PI)) !== 0;
}

const isIn = (polygons: Polygon[], x: number, y: number) => polygons.some((polygon) => winds(polygon, x, y));

test('a rectangle is four corners', () => {
  const mask = picture((x, y) => x > 6 && x < 30 && y > 10 && y < 40);
  expect(
    outlines(mask, { width, height }).map((polygon) => polygon.map(([x, y]) => [x * 60, y * 40])),
  ).toEqual([
    [
      [6, 10],
      [30, 10],
      [30, 40],
      [6, 40],
    ],
  ]);
  expect(outlines(new Uint8Array(width * height), { width, height })).toEqual([]);
});

const disc = (cx: number, cy: number, r: number) => (x: number, y: number) => Math.hypot(x - cx, y - cy) < r;
test.each([
  { name: 'a disc', shape: disc(30, 20, 15) },
  {
    name: 'a ring with a dot in it',
    shape: (x: number, y: number) =>
      (disc(30, 20, 18)(x, y) && !disc(30, 20, 12)(x, y)) || disc(30, 20, 5)(x, y),
  },
  { name: 'two parts', shape: (x: number, y: number) => disc(12, 12, 8)(x, y) || disc(45, 25, 11)(x, y) },
  { name: 'a thin slanted line', shape: (x: number, y: number) => Math.abs(x - y) < 0.6 },
])('$name: pixels off the edge are in or out as drawn, corners are few', ({ shape }) => {
  const mask = picture(shape);
  const polygons = outlines(mask, { width, height });
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const near = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => mask[(y + dy) * width + x + dx]));
      if (new Set(near).size === 1) expect(isIn(polygons, x + 0.5, y + 0.5)).toBe(near[0] === 255);
    }
  }
});

test('a disc has few corners', () => {
  const [polygon] = outlines(picture(disc(30, 20, 15)), { width, height });
  expect(polygon!.length).toBeLessThan(40);
});

test('of any picture the outlines lead back to it where nothing is simplified', () => {
  const random = uniform(3, width * height);
  // blocks of 4 x 4 pixels, whose outlines have no stairs of one pixel
  const mask = picture((x, y) => random[Math.floor(y / 4) * 15 + Math.floor(x / 4)]! < 0.5);
  const polygons = outlines(mask, { width, height });
  for (let i = 0; i < mask.length; i += 3) {
    expect(isIn(polygons, (i % width) + 0.5, Math.floor(i / width) + 0.5)).toBe(mask[i] === 255);
  }
});
