import { fitImage, fits, type Pixels, placementOf } from '@ddad/images';
import { expect, test } from 'vitest';
import { tinyConfig } from '../../testing/make-detector.js';
import { regionsOf } from './regions.js';

/** A black picture with a white defect. */
function picture(
  width: number,
  height: number,
  defect: { x: number; y: number; width: number; height: number },
) {
  const pixels: Pixels = { data: new Uint8Array(width * height), width, height, channels: 1 };
  for (let y = defect.y; y < defect.y + defect.height; y++) {
    pixels.data.fill(255, y * width + defect.x, y * width + defect.x + defect.width);
  }
  return pixels;
}

test.each(
  [
    [100, 60],
    [60, 100],
    [80, 80],
    [31, 200],
  ].flatMap(([width, height]) => fits.map((fit) => ({ width, height, fit }))),
)('$width x $height, $fit: a region lies where the defect was drawn, to a pixel of the map', (shape) => {
  const { width, height, fit } = shape;
  const side = 64;
  // in the middle of what every fit keeps
  const defect = { x: Math.floor(width / 2) - 5, y: Math.floor(height / 2) - 3, width: 11, height: 8 };
  const pixels = picture(width, height, defect);
  const options = { size: [side, side] as const, channels: 1 as const, fit };
  const map = Float32Array.from(fitImage(pixels, options).data, (value) => value / 255);
  const placement = placementOf(pixels, options);
  const config = tinyConfig({ imageSize: side, fit });
  const {
    regions: [region, ...others],
  } = regionsOf(map, config, { threshold: 0.5, placement });
  expect(others).toEqual([]);
  const original = region.original!;
  const pixelX = placement.source.width / placement.target.width;
  const pixelY = placement.source.height / placement.target.height;
  expect(Math.abs(original.x - defect.x)).toBeLessThanOrEqual(pixelX + 1);
  expect(Math.abs(original.y - defect.y)).toBeLessThanOrEqual(pixelY + 1);
  expect(Math.abs(original.x + original.width - defect.x - defect.width)).toBeLessThanOrEqual(pixelX + 1);
  expect(Math.abs(original.y + original.height - defect.y - defect.height)).toBeLessThanOrEqual(pixelY + 1);
});

test('a region on the bars of pad shows nothing of the image', () => {
  const pixels = picture(100, 50, { x: 0, y: 0, width: 1, height: 1 });
  const config = tinyConfig({ imageSize: 32, fit: 'pad' });
  const placement = placementOf(pixels, { size: [32, 32], fit: 'pad' });
  const map = new Float32Array(32 * 32);
  map[32 + 5] = 1;
  const [region] = regionsOf(map, config, { threshold: 0.5, placement }).regions;
  expect(region.box).toEqual({ x: 5, y: 1, width: 1, height: 1 });
  expect(region.original).toBeUndefined();
});

test('what lies outside the crop belongs to no region', () => {
  const config = { ...tinyConfig({ imageSize: 8 }) };
  config.scoring = { ...config.scoring, crop: 0.5 };
  const placement = placementOf({ width: 8, height: 8 }, { size: [8, 8] });
  const map = new Float32Array(64).fill(1);
  const [region] = regionsOf(map, config, { threshold: 0.5, placement }).regions;
  expect(region.box).toEqual({ x: 2, y: 2, width: 4, height: 4 });
  expect(region.original).toEqual({ x: 2, y: 2, width: 4, height: 4 });
});
