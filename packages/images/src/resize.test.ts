import { goldens } from '@ddad/testing';
import { describe, expect, it } from 'vitest';
import type { Pixels } from './pixels.js';
import { resize } from './resize.js';

const golden = goldens('resize_pillow');
const pixels = (name: string): Pixels => {
  const { shape, data } = golden.get(name)!;
  return { data: data as Uint8Array, height: shape[0]!, width: shape[1]!, channels: shape[2]! };
};

describe('resize', () => {
  for (const name of ['down', 'up', 'gray']) {
    for (const method of ['bilinear', 'nearest'] as const) {
      it(`equals Pillow to the last bit: ${name}, ${method}`, () => {
        const expected = pixels(`${name}.${method}`);
        const got = resize(pixels(`${name}.input`), { size: [expected.height, expected.width], method });
        expect(got).toEqual(expected);
      });
    }
  }

  it('keeps a constant image constant, whatever the sizes', () => {
    for (const [h, w, oh, ow] of [
      [7, 5, 3, 11],
      [100, 3, 1, 1],
      [1, 1, 9, 4],
      [13, 17, 13, 2],
    ] as const) {
      const data = new Uint8Array(h * w * 2).fill(255);
      const got = resize({ data, height: h, width: w, channels: 2 }, { size: [oh, ow] });
      expect(got.data.length).toBe(oh * ow * 2);
      expect(got.data.every((value) => value === 255)).toBe(true);
    }
  });

  it('returns a copy when nothing changes', () => {
    const image = { data: Uint8Array.of(1, 2, 3), height: 1, width: 3, channels: 1 };
    const got = resize(image, { size: [1, 3] });
    expect(got).toEqual(image);
    got.data[0] = 9;
    expect(image.data[0]).toBe(1);
  });

  it('names what is wrong with its input', () => {
    const image = { data: new Uint8Array(12), height: 2, width: 2, channels: 3 };
    expect(() => resize(image, { size: [0, 2] })).toThrow(
      'resize: size must be [height, width] in whole pixels, got [0,2]',
    );
    expect(() => resize({ ...image, width: 3 }, { size: [2, 2] })).toThrow(
      '3x2x3 pixels need 18 bytes, got 12',
    );
    // @ts-expect-error a method that does not exist
    expect(() => resize(image, { size: [1, 1], method: 'bicubic' })).toThrow("got 'bicubic'");
  });
});
