import { unit } from '@ddad/testing';
import { expect, test } from 'vitest';
import { defectPixels } from './defect-pixels.js';
import { guidedFilter } from './guided-filter.js';
import { guidedRegion } from './guided-region.js';
import { regionPixels } from './region-pixels.js';

const side = 64;
const shape = [side, side] as const;
const area = side * side;

interface Scene {
  map: Float32Array;
  image: Uint8Array;
  mask: Uint8Array;
}

/** Defects of a colour of their own on noise, and the hills that a blur of `sigma` makes of them. */
function scene(
  isDefect: (x: number, y: number) => boolean,
  { channels = 3, sigma = 4, height = 10 } = {},
): Scene {
  const noise = unit('ground', area * channels);
  const mask = Uint8Array.from({ length: area }, (_, i) =>
    isDefect(i % side, Math.floor(i / side)) ? 1 : 0,
  );
  const image = Uint8Array.from(noise, (value, i) => {
    const base = mask[Math.floor(i / channels)] ? 180 - 60 * (i % channels) : 120;
    return base + 20 * (value - 0.5);
  });
  const defect = [...mask.keys()].filter((i) => mask[i]);
  const map = Float32Array.from({ length: area }, (_, i) => {
    let sum = 0;
    for (const at of defect) {
      const [dx, dy] = [(at % side) - (i % side), Math.floor(at / side) - Math.floor(i / side)];
      sum += Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
    }
    return 1 + (height * sum) / (2 * Math.PI * sigma * sigma);
  });
  return { map, image, mask };
}

function overlap(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let [both, either] = [0, 0];
  for (let i = 0; i < one.length; i++) {
    if (one[i] && other[i]) both++;
    if (one[i] || other[i]) either++;
  }
  return both / either;
}

const scratch = (x: number, y: number) => x >= 16 && x < 48 && Math.abs(y - (10 + 0.7 * x)) < 2;
const spot = (x: number, y: number) => (x - 24) ** 2 + (y - 26) ** 2 < 36;

test.each([
  ['a scratch', scratch, 3],
  ['a spot', spot, 3],
  ['a scratch, gray', scratch, 1],
] as const)(
  '%s, its hill far wider than it is, is outlined where its colour ends',
  (_, isDefect, channels) => {
    const { map, image, mask } = scene(isDefect, { channels });
    const before = regionPixels(map, shape, 2, 0);
    const drawnIn = regionPixels(map, shape, 2);
    const guided = defectPixels(map, { shape, threshold: 2, image });
    expect(overlap(guided, mask)).toBeGreaterThan(2 * overlap(before, mask));
    expect(overlap(guided, mask)).toBeGreaterThan(1.3 * overlap(drawnIn, mask));
    // and nothing below the threshold
    for (let i = 0; i < area; i++) if (guided[i]) expect(map[i]).toBeGreaterThanOrEqual(2);
  },
);

test('where the image says nothing, no part of the region is lost', () => {
  const { map } = scene((x, y) => spot(x, y) || (x < 8 && y > 56));
  for (const image of [new Uint8Array(area).fill(90), Uint8Array.from(unit('noise', area), (v) => 255 * v)]) {
    const region = regionPixels(map, shape, 2);
    const guided = guidedRegion(region, { shape, map, threshold: 2, image });
    for (const part of [spot, (x: number, y: number) => x < 12 && y > 50]) {
      const inPart = (i: number) => part(i % side, Math.floor(i / side));
      expect([...guided.keys()].some((i) => guided[i] && region[i] && inPart(i))).toBe(true);
    }
  }
});

test('it is the same for colours as for gray that repeats, to pixels that lie on the edge', () => {
  const { map, image } = scene(scratch, { channels: 1 });
  const colour = Uint8Array.from({ length: 3 * area }, (_, i) => image[Math.floor(i / 3)]);
  const one = defectPixels(map, { shape, threshold: 2, image });
  expect(overlap(defectPixels(map, { shape, threshold: 2, image: colour }), one)).toBeGreaterThan(0.98);
});

test('what it says of a defect does not depend on others far away, and time is spent on hills alone', () => {
  const near = scene(spot);
  const both = scene((x, y) => spot(x, y) || (x > 58 && y > 58));
  // side 16: windows of 1 pixel, and hills are filtered in many rectangles
  for (const reach of [16, 32]) {
    const options = { shape, threshold: 2, side: reach };
    const alone = defectPixels(near.map, { ...options, image: near.image });
    const together = defectPixels(both.map, { ...options, image: both.image });
    const upperLeft = (of: Uint8Array) => of.filter((_, i) => i % side < 42 && i < 42 * side);
    expect(upperLeft(together)).toEqual(upperLeft(alone));
  }
  const sizes: number[] = [];
  const counted: typeof guidedFilter = (values, guide, options) => {
    sizes.push(values.length);
    return guidedFilter(values, guide, options);
  };
  const { map, image } = near;
  guidedRegion(regionPixels(map, shape, 50), { shape, map, image, threshold: 50 }, counted);
  expect(sizes).toEqual([]);
  guidedRegion(regionPixels(map, shape, 2), { shape, map, image, threshold: 2 }, counted);
  expect(sizes).toHaveLength(1);
  expect(sizes[0]).toBeLessThan(40 * 40);
});

test('without an image, and with share 0, the map alone tells', () => {
  const { map, image } = scene(spot);
  expect(defectPixels(map, { shape, threshold: 2 })).toEqual(regionPixels(map, shape, 2));
  expect(defectPixels(map, { shape, threshold: 2, share: 0, image })).toEqual(regionPixels(map, shape, 2, 0));
});

test('an image of another size is refused', () => {
  const options = { shape, map: new Float32Array(area), threshold: 1 };
  expect(() => guidedRegion(new Uint8Array(area), { ...options, image: new Uint8Array(area + 1) })).toThrow(
    'guidedRegion: shape [64,64] needs 4096 image values for each channel, got 4097',
  );
});
