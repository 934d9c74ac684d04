import { type Config, regionsOf } from '@ddad/detector';
import { fits, placementOf } from '@ddad/images';
import { expect, test } from 'vitest';
import { regionsAt } from './regions-at.js';

/** A map with hills, and a corner that is not judged. */
function hills(side: number): Float32Array {
  return Float32Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    if (x < 4 && y < 4) return 0;
    return 1 + Math.sin(x / 3) * Math.cos(y / 4) + (x * y) / (4 * side * side);
  });
}

test.each(fits.flatMap((fit) => [null, 0.75].map((crop) => ({ fit, crop }))))(
  '$fit, crop $crop: the page frames what the detector reports',
  ({ fit, crop }) => {
    const side = 32;
    const picture = { width: 90, height: 60 };
    const placement = placementOf(picture, { size: [side, side], fit });
    const values = hills(side);
    const mask = values.map((value) => (value === 0 ? 0 : 1));
    const image = Uint8Array.from({ length: 3 * side * side }, (_, i) => (7 * i) % 256);
    const config = { data: { imageSize: side, tiles: null }, scoring: { crop } } as Config;
    for (const threshold of [0.5, 1.2, 1.8, 5]) {
      const { regions } = regionsOf(values, config, {
        ...{ threshold, placement, image },
        mask: Uint8Array.from(mask),
      });
      const shown = regionsAt({ values, width: side, height: side, placement, crop, side, image }, threshold);
      expect(shown).toEqual(
        regions.flatMap(({ original, peak }) => (original ? [{ ...original, peak }] : [])),
      );
    }
  },
);
