import { fitImage, fits, type Pixels, placementOf } from '@ddad/images';
import { uniform } from '@ddad/nn';
import { expect, test } from 'vitest';
import { regionMask } from './region-mask.js';
import type { Polygon } from './region-of-interest.js';
import { windsAround } from './winds-around.js';

test('a point is in a convex polygon where it is on the inner side of every edge', () => {
  const random = uniform(5, 400);
  for (let n = 0; n < 20; n++) {
    const corners = 3 + (n % 5);
    const turns = Array.from(
      { length: corners },
      (_, i) => 2 * Math.PI * ((i + random[n * 8 + i]) / corners),
    );
    const polygon: Polygon = turns.map((turn) => [0.5 + 0.4 * Math.cos(turn), 0.5 + 0.4 * Math.sin(turn)]);
    const reversed = [...polygon].reverse();
    for (let k = 0; k < 100; k++) {
      const [x, y] = [random[200 + ((k + n) % 100)], random[300 + ((k * 7 + n) % 100)]];
      const inside = polygon.every(([ax, ay], i) => {
        const [bx, by] = polygon[(i + 1) % corners];
        return (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0;
      });
      expect(windsAround(polygon, x, y)).toBe(inside);
      expect(windsAround(reversed, x, y)).toBe(inside);
    }
  }
});

test('what a line winds around twice is inside', () => {
  const square: Polygon = [
    [0.2, 0.2],
    [0.8, 0.2],
    [0.8, 0.8],
    [0.2, 0.8],
  ];
  expect(windsAround([...square, ...square], 0.5, 0.5)).toBe(true);
  expect(windsAround([...square, ...square], 0.1, 0.5)).toBe(false);
});

test.each(
  [
    [100, 60],
    [60, 100],
    [80, 80],
  ].flatMap(([width, height]) => fits.map((fit) => ({ width, height, fit }))),
)(
  '$width x $height, $fit: the mask lies where the resized picture shows the region',
  ({ width, height, fit }) => {
    // the part of the picture in the region is white
    const box = { left: 0.3, top: 0.25, right: 0.7, bottom: 0.6 };
    const pixels: Pixels = { data: new Uint8Array(width * height), width, height, channels: 1 };
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [u, v] = [(x + 0.5) / width, (y + 0.5) / height];
        if (u > box.left && u < box.right && v > box.top && v < box.bottom) pixels.data[y * width + x] = 255;
      }
    }
    const side = 64;
    const options = { size: [side, side] as const, channels: 1 as const, fit };
    const shown = fitImage(pixels, options).data;
    const include: Polygon[] = [
      [
        [box.left, box.top],
        [box.right, box.top],
        [box.right, box.bottom],
        [box.left, box.bottom],
      ],
    ];
    const given = {
      width: side,
      height: side,
      picture: { width, height },
      placement: placementOf(pixels, options),
    };
    const mask = regionMask({ version: 1, include, ignore: [] }, given);
    // where the resized picture is black or white, and not on the edge
    for (const [i, value] of shown.entries()) {
      if (value === 0 || value === 255) expect(mask[i], `pixel ${i}`).toBe(value / 255);
    }
    expect(mask.includes(1)).toBe(true);
    const ignored = regionMask({ version: 1, include: [], ignore: include }, given);
    expect(ignored).toEqual(mask.map((value) => 1 - value));
  },
);
