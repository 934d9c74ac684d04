import { expect, test } from 'vitest';
import { fitImage } from './fit.js';
import type { Pixels } from './pixels.js';
import { cutTile, tileGrid } from './tiles.js';

test('4096x3072 in tiles of 512 seen at 256: 9 x 7, an eighth shared at least, the whole covered', () => {
  const { width, height, side, tiles } = tileGrid({ width: 4096, height: 3072 }, { tile: 512, side: 256 });
  expect([width, height, side, tiles.length]).toEqual([2048, 1536, 256, 63]);
  expect(tiles[0]).toEqual({ x: 0, y: 0, source: { x: 0, y: 0, width: 512, height: 512 } });
  expect(tiles.at(-1)).toEqual({ x: 1792, y: 1280, source: { x: 3584, y: 2560, width: 512, height: 512 } });
  const columns = [...new Set(tiles.map(({ x }) => x))];
  for (const [i, x] of columns.slice(1).entries()) expect(x - columns[i]!).toBeLessThanOrEqual(256 - 32);
});

test.each([
  [100, 40, 40, 32],
  [97, 61, 33, 32],
  [500, 333, 200, 64],
  [40, 40, 40, 32],
  [41, 40, 40, 64],
  [1000, 64, 64, 64],
])(
  '%d x %d in tiles of %d seen at %d: every pixel is in a tile, to half a pixel of the map where it is',
  (width, height, tile, side) => {
    const grid = tileGrid({ width, height }, { tile, side });
    const seen = new Uint8Array(width * height);
    const drawn = new Uint8Array(grid.width * grid.height);
    for (const { x, y, source } of grid.tiles) {
      expect(source.x).toBeGreaterThanOrEqual(0);
      expect(source.x + tile).toBeLessThanOrEqual(width);
      expect(source.y + tile).toBeLessThanOrEqual(height);
      expect(Math.abs((x * width) / grid.width - source.x)).toBeLessThanOrEqual(0.5 + (0.5 * tile) / side);
      for (let row = source.y; row < source.y + tile; row++) {
        seen.fill(1, row * width + source.x, row * width + source.x + tile);
      }
      for (let row = y; row < y + side; row++)
        drawn.fill(1, row * grid.width + x, row * grid.width + x + side);
    }
    expect(seen.includes(0)).toBe(false);
    expect(drawn.includes(0)).toBe(false);
  },
);

test('a tile shows its part of the picture', () => {
  const pixels: Pixels = {
    data: Uint8Array.from({ length: 60 }, (_, i) => i),
    width: 6,
    height: 5,
    channels: 2,
  };
  const tile = { x: 0, y: 0, source: { x: 2, y: 1, width: 3, height: 3 } };
  const gray = (from: number) => [from, from + 2, from + 4];
  expect([...cutTile(pixels, tile, { channels: 1 }).data]).toEqual([...gray(16), ...gray(28), ...gray(40)]);
  const whole = { x: 0, y: 0, source: { x: 0, y: 0, width: 6, height: 5 } };
  const options = { size: [4, 4], channels: 3 } as const;
  expect(cutTile(pixels, whole, options)).toEqual(fitImage(pixels, options));
});

test('a picture that is smaller than a tile is refused', () => {
  expect(() => tileGrid({ width: 300, height: 4096 }, { tile: 512, side: 256 })).toThrow(
    'needs at least a tile of 512x512 pixels, got 300x4096',
  );
});
