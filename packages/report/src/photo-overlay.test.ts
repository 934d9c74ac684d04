import { placementOf } from '@ddad/images';
import { decode } from 'image-js';
import { expect, test } from 'vitest';
import { palette } from './palette.js';
import { photoOverlay } from './photo-overlay.js';

const black = (width: number, height: number) => ({
  data: new Uint8Array(3 * width * height),
  width,
  height,
  channels: 3,
});

test('the photograph keeps its size, and the heat lies where the map has it, for each fit', async () => {
  const [width, height] = [80, 40];
  for (const fit of ['stretch', 'pad', 'crop'] as const) {
    const placement = placementOf({ width, height }, { size: [16, 16], fit });
    const map = new Float32Array(16 * 16);
    map[8 * 16 + 8] = 1;
    const options = { width: 16, height: 16, placement, range: [0, 1], inside: new Uint8Array(256) } as const;
    const image = decode(await photoOverlay(black(width, height), map, options));
    expect([image.width, image.height, image.channels]).toEqual([width, height, 3]);
    let brightest = { x: 0, y: 0, value: -1 };
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = image.getPixel(x, y).reduce((a, b) => a + b);
        if (value > brightest.value) brightest = { x, y, value };
      }
    }
    // the centre of the map's pixel (8, 8) in the photograph
    const { source, target } = placement;
    const x = source.x + ((8.5 - target.x) * source.width) / target.width;
    const y = source.y + ((8.5 - target.y) * source.height) / target.height;
    expect(Math.abs(brightest.x + 0.5 - x)).toBeLessThanOrEqual(source.width / target.width / 2 + 1);
    expect(Math.abs(brightest.y + 0.5 - y)).toBeLessThanOrEqual(source.height / target.height / 2 + 1);
  }
});

test('regions are framed outside of what they hold', async () => {
  const placement = placementOf({ width: 20, height: 10 }, { size: [10, 20] });
  const options = { width: 20, height: 10, placement, range: [0, 1], inside: new Uint8Array(200) } as const;
  const boxes = [{ x: 5, y: 3, width: 4, height: 2 }];
  const image = decode(await photoOverlay(black(20, 10), new Float32Array(200), { ...options, boxes }));
  const cold = Array.from(palette.slice(0, 3), (value) => Math.round(value / 2));
  expect(image.getPixel(4, 2)).toEqual([255, 255, 255]);
  expect(image.getPixel(9, 5)).toEqual([255, 255, 255]);
  expect(image.getPixel(5, 3)).toEqual(cold);
  expect(image.getPixel(8, 4)).toEqual(cold);
  expect(image.getPixel(10, 6)).toEqual(cold);
});

test('a frame at the border stays within the picture', async () => {
  const placement = placementOf({ width: 20, height: 10 }, { size: [10, 20] });
  const options = { width: 20, height: 10, placement, range: [0, 1], inside: new Uint8Array(200) } as const;
  const boxes = [{ x: 0, y: 0, width: 20, height: 10 }];
  const image = decode(await photoOverlay(black(20, 10), new Float32Array(200), { ...options, boxes }));
  expect([image.width, image.height]).toEqual([20, 10]);
});

test('the contour encloses what was told, at the size of the photograph', async () => {
  const placement = placementOf({ width: 40, height: 20 }, { size: [10, 20] });
  const inside = Uint8Array.from({ length: 200 }, (_, i) => {
    const [x, y] = [i % 20, Math.floor(i / 20)];
    return x >= 5 && x < 9 && y >= 3 && y < 6 ? 1 : 0;
  });
  const options = { width: 20, height: 10, placement, range: [0, 1], inside } as const;
  const image = decode(await photoOverlay(black(40, 20), new Float32Array(200), options));
  const contour = [86, 224, 255];
  for (let y = 0; y < 20; y++) {
    for (let x = 0; x < 40; x++) {
      const isIn = x >= 10 && x < 18 && y >= 6 && y < 12;
      const isCorner = (x === 10 || x === 17) && (y === 6 || y === 11);
      const isInner = x > 10 && x < 17 && y > 6 && y < 11;
      if (isCorner) continue;
      expect([x, y, image.getPixel(x, y).every((value, c) => value === contour[c])]).toEqual([
        x,
        y,
        isIn && !isInner,
      ]);
    }
  }
});
