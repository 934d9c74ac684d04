import { unit } from '@ddad/testing';
import { expect, test } from 'vitest';
import { typicalDistance } from './typical-distance.js';

test('a quarter of the positions lie below it', () => {
  const map = Float32Array.from(unit('typical', 1001), (u) => 1 + u);
  const value = typicalDistance(map);
  expect(map.filter((d) => d < value).length).toBe(250);
  expect(typicalDistance([4, 1, 3, 2])).toBe(1.75);
});

test('a defect on two thirds of the image hardly moves it, another image does', () => {
  const good = Float32Array.from(unit('good', 900), (u) => 2 + 0.2 * u);
  const flawed = good.map((d, i) => (i < 600 ? 10 * d : d));
  const other = good.map((d) => 2 * d);
  expect(typicalDistance(flawed) / typicalDistance(good)).toBeLessThan(1.08);
  expect(typicalDistance(other) / typicalDistance(good)).toBeCloseTo(2, 6);
});

test('what is as in a good image says nothing: bars beside the image change nothing', () => {
  const map = Float32Array.from(unit('bars', 400), (u) => 2 + u);
  const padded = new Float32Array(1000).fill(3e-4);
  padded.set(map, 300);
  expect(typicalDistance(padded)).toBe(typicalDistance(map));
  expect(typicalDistance(new Float32Array(9))).toBe(0);
});

test('no distances, or none that are finite', () => {
  expect(() => typicalDistance([])).toThrow('needs the distances of an image, got none');
  expect(() => typicalDistance([Number.NaN, Number.NaN])).toThrow('needs finite distances');
  expect(() => typicalDistance([1, Infinity])).toThrow('needs finite distances');
});
