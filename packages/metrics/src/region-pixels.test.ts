import { unit } from '@ddad/testing';
import { expect, test } from 'vitest';
import { regionPixels } from './region-pixels.js';

const side = 50;
/** A twenty-fifth of the side. */
const reach = 2;
const shape = [side, side] as const;
const at = (x: number, y: number) => y * side + x;

/** A map of 1 with single pixels of other values. */
function dots(...list: [x: number, y: number, value: number][]): Float32Array {
  const map = new Float32Array(side * side).fill(1);
  for (const [x, y, value] of list) map[at(x, y)] = value;
  return map;
}

const kept = (pixels: Uint8Array) => [...pixels.keys()].filter((i) => pixels[i]);

test('a pixel is measured by the largest one near it, above what is usual', () => {
  // above the usual 1: 10, 7.5 and 7.4
  const near = dots([10, 10, 11], [12, 12, 8.5], [8, 10, 8.4]);
  expect(kept(regionPixels(near, shape, 2))).toEqual([at(10, 10), at(12, 12)]);
  // one further away than the reach is a defect of its own
  const far = dots([10, 10, 11], [10 + reach + 1, 10, 2.5]);
  expect(kept(regionPixels(far, shape, 2))).toEqual([at(10, 10), at(10 + reach + 1, 10)]);
});

test('no pixel is below the threshold, and with share 0 all others are there', () => {
  const map = dots([10, 10, 11], [11, 10, 9], [30, 30, 3]);
  expect(kept(regionPixels(map, shape, 10))).toEqual([at(10, 10)]);
  expect(kept(regionPixels(map, shape, 12))).toEqual([]);
  expect(kept(regionPixels(map, shape, 1, 0))).toHaveLength(side * side);
});

test('on rough maps it is what the definition says, pixel by pixel', () => {
  for (let seed = 1; seed <= 2; seed++) {
    const map = Float32Array.from(unit(`rough-${seed}`, side * side));
    const median = [...map].sort((a, b) => a - b)[(side * side) / 2];
    const expected = Uint8Array.from(map, (value, i) => {
      const [x, y] = [i % side, Math.floor(i / side)];
      let largest = 0;
      for (let k = 0; k < map.length; k++) {
        const away = Math.max(Math.abs((k % side) - x), Math.abs(Math.floor(k / side) - y));
        if (away <= reach && map[k] > largest) largest = map[k];
      }
      return value >= 0.6 && value - median >= 0.75 * (largest - median) ? 1 : 0;
    });
    expect(expected.some(Boolean)).toBe(true);
    expect(regionPixels(map, shape, 0.6)).toEqual(expected);
  }
});

test('a flat map is one region, also below zero, and what is not judged is in none and says nothing of what is usual', () => {
  expect(regionPixels(new Float32Array(6).fill(3), [2, 3], 1)).toEqual(new Uint8Array(6).fill(1));
  expect(regionPixels([-1, -1, -3], [1, 3], -2.5)).toEqual(Uint8Array.of(1, 1, 0));
  expect(regionPixels([Number.NEGATIVE_INFINITY, 0, 2], [1, 3], 1)).toEqual(Uint8Array.of(0, 0, 1));
  const judged = dots([10, 10, 11], [11, 10, 8]);
  const half = judged.map((value, i) => (Math.floor(i / side) < 20 ? value : 0));
  expect(regionPixels(half, shape, 2)).toEqual(regionPixels(judged, shape, 2));
});
