import { describe, expect, it } from 'vitest';
import { decodeImage } from '../decode-image.js';

interface Bmp {
  width: number;
  height: number;
  depth: number;
  compression?: number;
  /** What lies between the header of 40 bytes and the pixels: masks or palette. */
  between?: number[];
  pixels: number[];
}

function bmp({ width, height, depth, compression = 0, between = [], pixels }: Bmp): Uint8Array {
  const file = new Uint8Array(54 + between.length + pixels.length);
  const view = new DataView(file.buffer);
  file.set([0x42, 0x4d]);
  view.setUint32(10, 54 + between.length, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(28, depth, true);
  view.setUint32(30, compression, true);
  if (depth <= 8) view.setUint32(46, between.length / 4, true);
  file.set(between, 54);
  file.set(pixels, 54 + between.length);
  return file;
}

const words = (...values: number[]) => [...new Uint8Array(Uint32Array.from(values).buffer)];
const GRAYS = [0, 10, 20].flatMap((value) => [value, value, value, 0]);
const read = async (file: Bmp) => [...(await decodeImage(bmp(file))).data];

describe('decodeBmp', () => {
  it('reads runs: equal pixels, pixels as they are, ends of line, from the bottom up', async () => {
    const pixels = [3, 1, 0, 0, 0, 3, 2, 1, 0, 0xff, 0, 1];
    const expected = [20, 10, 0, 10, 10, 10];
    const file = { width: 3, height: 2, depth: 8, compression: 1, between: GRAYS };
    expect(await read({ ...file, pixels })).toEqual(expected);
    // The same in nibbles: runs of two alternating colours.
    const nibbles = [3, 0x11, 0, 0, 0, 3, 0x21, 0x00, 0, 1];
    expect(await read({ ...file, depth: 4, compression: 2, pixels: nibbles })).toEqual(expected);
  });

  it('refuses runs that end early', async () => {
    const file = { width: 3, height: 2, depth: 8, compression: 1, between: GRAYS };
    await expect(read({ ...file, pixels: [3, 1, 0, 0, 0, 1] })).rejects.toThrow('it ends in row 1 of 2');
    await expect(read({ ...file, pixels: [3, 1, 0, 0] })).rejects.toThrow('the BMP is cut: 1 of 2 rows');
  });

  it('reads masks in any place and of any width', async () => {
    const file = { width: 1, height: 1, depth: 32, compression: 3 };
    const order = words(0xff, 0xff00, 0xff0000);
    expect(await read({ ...file, between: order, pixels: [1, 2, 3, 4] })).toEqual([1, 2, 3]);
    expect(await read({ ...file, between: words(0, 0, 0), pixels: [1, 2, 3, 4] })).toEqual([3, 2, 1]);
    const tens = words(0x3ff, 0xffc00, 0x3ff00000);
    const pixel = words(1023 | (512 << 10) | (1 << 20));
    expect(await read({ ...file, between: tens, pixels: pixel })).toEqual([255, 127, 0]);
  });

  it.each([
    ['overlap', 0xff, 0xff, 0xff00],
    ['have holes', 0xff, 0xff00, 0xa50000],
    ['are empty', 0xff, 0xff00, 0],
  ])('refuses masks that %s', async (_, ...masks) => {
    const file = {
      width: 1,
      height: 1,
      depth: 32,
      compression: 3,
      between: words(...masks),
      pixels: [1, 2, 3, 4],
    };
    await expect(read(file)).rejects.toThrow('which is not read');
  });

  it('names a file that ends inside its masks or its palette', async () => {
    const masks = bmp({
      width: 1,
      height: 1,
      depth: 32,
      compression: 3,
      between: words(0xff, 0xff00, 0xff0000),
      pixels: [],
    });
    await expect(decodeImage(masks)).rejects.toThrow('the BMP is cut: it ends inside its colour masks');
    const palette = bmp({ width: 1, height: 1, depth: 8, between: GRAYS, pixels: [0, 0, 0, 0] });
    await expect(decodeImage(palette.subarray(0, 60))).rejects.toThrow(
      'the BMP is cut: it ends inside its palette',
    );
  });

  it('finds pixels whose place the header leaves at 0', async () => {
    const file = bmp({
      width: 1,
      height: 1,
      depth: 32,
      compression: 3,
      between: words(0xff, 0xff00, 0xff0000),
      pixels: [1, 2, 3, 4],
    });
    file[10] = 0;
    expect([...(await decodeImage(file)).data]).toEqual([1, 2, 3]);
  });

  it('refuses other compressions, depths and headers by name', async () => {
    const file = { width: 1, height: 1, depth: 24, pixels: [1, 2, 3, 4] };
    await expect(read({ ...file, compression: 4 })).rejects.toThrow('24 bits per pixel and JPEG compression');
    await expect(read({ ...file, depth: 2 })).rejects.toThrow('2 bits per pixel, which is not read');
    const odd = bmp(file);
    odd[14] = 77;
    await expect(decodeImage(odd)).rejects.toThrow('a header of 77 bytes, which is not read');
  });
});
