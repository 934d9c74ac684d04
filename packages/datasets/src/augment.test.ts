import type { Pixels } from '@ddad/images';
import { describe, expect, it } from 'vitest';
import { type AugmentOptions, augment } from './augment.js';

const image: Pixels = {
  data: Uint8Array.from({ length: 6 * 5 * 3 }, (_, i) => (i * 37) % 256),
  width: 6,
  height: 5,
  channels: 3,
};
const at = ({ data, width }: Pixels, x: number, y: number) => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];
const many = (options: Omit<AugmentOptions, 'key'>, from = image) =>
  Array.from({ length: 200 }, (_, i) => augment(from, { key: [1, i], ...options }));

describe('augment', () => {
  it('changes nothing by default, and copies', () => {
    const got = augment(image, { key: [1, 2, 3] });
    expect(got).toEqual(image);
    expect(got.data).not.toBe(image.data);
  });

  it('depends on the key alone', () => {
    const options = { flipHorizontal: true, rotation: 10, brightness: 0.3, contrast: 0.3, saturation: 0.3 };
    const got = augment(image, { key: [1, 2, 3], ...options });
    expect(augment(image, { key: [1, 2, 3], ...options })).toEqual(got);
    expect(augment(image, { key: [1, 3, 3], ...options })).not.toEqual(got);
  });

  it('flips about half of the time', () => {
    for (const [option, x, y] of [
      ['flipHorizontal', 5, 0],
      ['flipVertical', 0, 4],
    ] as const) {
      const corners = many({ [option]: true }).map((got) => at(got, 0, 0).join());
      const flipped = corners.filter((corner) => corner === at(image, x, y).join()).length;
      expect(flipped + corners.filter((corner) => corner === at(image, 0, 0).join()).length).toBe(200);
      expect(flipped).toBeGreaterThan(70);
      expect(flipped).toBeLessThan(130);
    }
  });

  it('rotates about the middle, no further than told', () => {
    const side = 41;
    const dot: Pixels = { data: new Uint8Array(side * side), width: side, height: side, channels: 1 };
    for (const [x, y] of [
      [20, 20],
      [36, 20],
    ] as const)
      dot.data[y * side + x] = 255;
    const angles = many({ rotation: 20 }, dot).map(({ data }) => {
      let sx = 0;
      let sy = 0;
      let sum = 0;
      for (let i = 0; i < data.length; i++) {
        const [x, y] = [(i % side) - 20, Math.floor(i / side) - 20];
        if (x < 8) continue;
        sx += data[i]! * x;
        sy += data[i]! * y;
        sum += data[i]!;
      }
      expect(data[20 * side + 20]).toBe(255);
      expect(Math.hypot(sx, sy) / sum).toBeCloseTo(16, 0);
      return (Math.atan2(sy, sx) * 180) / Math.PI;
    });
    expect(Math.max(...angles.map(Math.abs))).toBeLessThan(20.5);
    expect(Math.max(...angles)).toBeGreaterThan(16);
    expect(Math.min(...angles)).toBeLessThan(-16);
  });

  it('jitters brightness, contrast and saturation within their ranges', () => {
    const flat: Pixels = {
      data: Uint8Array.of(100, 100, 100, 100, 100, 100),
      width: 2,
      height: 1,
      channels: 3,
    };
    const levels = many({ brightness: 0.2 }, flat).map(({ data }) => data[0]!);
    expect(Math.min(...levels)).toBeGreaterThanOrEqual(80);
    expect(Math.max(...levels)).toBeLessThanOrEqual(120);
    expect(Math.max(...levels) - Math.min(...levels)).toBeGreaterThan(30);
    expect(
      many({ contrast: 0.5, saturation: 0.5 }, flat).every(({ data }) => data.every((v) => v === 100)),
    ).toBe(true);
    const two: Pixels = { data: Uint8Array.of(80, 120), width: 2, height: 1, channels: 1 };
    for (const { data } of many({ contrast: 0.5 }, two)) {
      expect(data[1]! - data[0]!).toBeGreaterThanOrEqual(19);
      expect(data[1]! - data[0]!).toBeLessThanOrEqual(61);
      expect(Math.abs(data[0]! + data[1]! - 200)).toBeLessThanOrEqual(1);
    }
    const red: Pixels = { data: Uint8Array.of(200, 100, 100), width: 1, height: 1, channels: 3 };
    for (const { data } of many({ saturation: 0.5 }, red)) {
      expect(data[0]! - data[1]!).toBeGreaterThanOrEqual(49);
      expect(data[0]! - data[1]!).toBeLessThanOrEqual(151);
    }
  });

  it('refuses a key that is none, and negative amounts', () => {
    expect(() => augment(image, { key: [] })).toThrow('key must be integers');
    expect(() => augment(image, { key: [1], rotation: -1 })).toThrow('rotation must be 0 or more, got -1');
  });
});
