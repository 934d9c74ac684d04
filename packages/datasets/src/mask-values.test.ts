import type { Samples } from '@ddad/images';
import { describe, expect, it } from 'vitest';
import { binaryMask, maskValues } from './mask-values.js';

const row = (data: Samples['data'], channels = 1, more: Partial<Samples> = {}): Samples => ({
  data,
  width: data.length / channels,
  height: 1,
  channels,
  ...more,
});
const rgba = (...colors: number[][]) => Uint8Array.from(colors.flat());
const [BLACK, WHITE, RED] = [
  [0, 0, 0, 255],
  [255, 255, 255, 255],
  [200, 0, 0, 255],
];

describe('binaryMask', () => {
  it.each([
    Uint8Array.of(0, 1, 255),
    Uint16Array.of(0, 1, 300),
    Uint32Array.of(0, 1, 2 ** 31),
    Int8Array.of(0, -1, 1),
    Int16Array.of(0, -1, 1),
    Int32Array.of(0, 7, -7),
    Float32Array.of(0, 0.001, 1),
    Float64Array.of(-0, 1e-300, -2),
  ])('is what is not 0, in any depth: %o', (data) => {
    expect([...binaryMask(row(data), 0)]).toEqual([0, 255, 255]);
  });

  it('takes a threshold of 255 as the same share of 65,535', () => {
    expect([...binaryMask(row(Uint8Array.of(0, 127, 128)), 127)]).toEqual([0, 0, 255]);
    expect([...binaryMask(row(Uint16Array.of(300, 127 * 257, 127 * 257 + 1)), 127)]).toEqual([0, 0, 255]);
    for (const data of [Float32Array.of(0, 1), Int16Array.of(0, 1), Uint32Array.of(0, 1)]) {
      expect(() => binaryMask(row(data), 127)).toThrow('values above 127 of 255 are defect');
    }
  });

  it('refuses numbers that are not finite', () => {
    expect(() => binaryMask(row(Float32Array.of(0, Number.NaN)), 0)).toThrow('not finite');
    expect(() => binaryMask(row(Float64Array.of(0, Number.POSITIVE_INFINITY)), 0)).toThrow('not finite');
  });

  it('takes the strongest channel of colours', () => {
    expect([...binaryMask(row(Uint8Array.of(0, 0, 0, 0, 0, 1), 3), 0)]).toEqual([0, 255]);
    expect([...maskValues(row(Uint16Array.of(1, 500, 2), 3), 0).values]).toEqual([500]);
  });

  it('takes the index of a palette whose first colour is its darkest', () => {
    const indices = Uint8Array.of(0, 1, 2);
    const black = row(indices, 1, { palette: rgba(BLACK!, BLACK!, RED!) });
    expect([...binaryMask(black, 0)]).toEqual([0, 255, 255]);
    const ids = row(indices, 1, { palette: rgba([16, 16, 16, 255], [16, 16, 16, 255], RED!) });
    expect([...binaryMask(ids, 0)]).toEqual([0, 255, 255]);
  });

  it('takes the colours of a palette where the rule is a level of gray', () => {
    const samples = row(Uint8Array.of(0, 1, 2), 1, { palette: rgba(WHITE!, BLACK!, RED!) });
    expect([...binaryMask(samples, 127)]).toEqual([255, 0, 255]);
  });

  it('refuses a palette that leaves open which colour is background', () => {
    const samples = row(Uint8Array.of(0, 1), 1, { palette: rgba(WHITE!, BLACK!) });
    expect(() => binaryMask(samples, 0)).toThrow(
      "the mask's palette has (255, 255, 255) as colour 0 and the darker (0, 0, 0) as colour 1: which of them is background cannot be told; save it as gray, 0 and 255",
    );
    const short = row(Uint8Array.of(0, 2), 1, { palette: rgba(BLACK!, WHITE!) });
    expect(() => binaryMask(short, 0)).toThrow('colour 2 is not in its palette of 2');
  });

  it('takes transparent pixels as background', () => {
    const drawn = Uint8Array.of(255, 255, 255, 0, 255, 255, 255, 9, 0, 0, 0, 255);
    expect([...binaryMask(row(drawn, 4), 0)]).toEqual([0, 255, 0]);
    const palette = rgba([255, 255, 255, 0], RED!);
    expect([...binaryMask(row(Uint8Array.of(0, 1), 1, { palette }), 0)]).toEqual([0, 255]);
  });

  it('takes alpha as the value where all that is visible is black', () => {
    expect([...binaryMask(row(Uint8Array.of(0, 0, 0, 255, 0, 40), 2), 0)]).toEqual([0, 255, 255]);
    expect([...binaryMask(row(Uint16Array.of(0, 0, 0, 1), 2), 0)]).toEqual([0, 255]);
  });

  it('takes alpha that is the same everywhere as saying nothing', () => {
    for (const alpha of [0, 255]) {
      expect([...binaryMask(row(Uint8Array.of(0, alpha, 3, alpha), 2), 0)]).toEqual([0, 255]);
    }
  });
});
