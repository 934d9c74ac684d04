import { describe, expect, it } from 'vitest';
import { tiff } from '../../testing/tiff.js';
import { decodeImage, decodeSamples } from '../decode-image.js';

const SIZE = { 256: [3, 3], 257: [3, 2] } as const;
const GRAY = { ...SIZE, 262: [3, 1] } as const;
const RGB = { ...SIZE, 258: [3, 8, 8, 8], 262: [3, 2], 277: [3, 3] } as const;
const strip = (...bytes: number[]) => Uint8Array.from(bytes);
const many = new Uint8Array(200);
type Fields = Parameters<typeof tiff>[0];

describe('decodeTiff', () => {
  it.each([
    ['8 bits', { ...GRAY, 258: [3, 8] }, strip(1, 2, 3, 4, 5, 6), [1, 2, 3, 4, 5, 6]],
    ['1 bit, every field at its default', GRAY, strip(0b10100000, 0b01000000), [255, 0, 255, 0, 255, 0]],
    ['1 bit, 0 is white', { ...GRAY, 262: [3, 0] }, strip(0b10100000, 0b01000000), [0, 255, 0, 255, 0, 255]],
    ['reversed bits', { ...GRAY, 266: [3, 2] }, strip(0b101, 0b10), [255, 0, 255, 0, 255, 0]],
    ['4 bits', { ...GRAY, 258: [3, 4] }, strip(0x12, 0x30, 0xfe, 0xd0), [17, 34, 51, 255, 238, 221]],
    // Packed by hand: three bytes as they are, one byte three times.
    ['PackBits', { ...GRAY, 258: [3, 8], 259: [3, 32773] }, strip(2, 7, 8, 9, 254, 5), [7, 8, 9, 5, 5, 5]],
    // Codes of 9 bits: clear, 7, 258 (7 7), 258 (7 7), 9, end.
    [
      'LZW',
      { ...GRAY, 258: [3, 8], 259: [3, 5] },
      strip(0x80, 0x01, 0xe0, 0x50, 0x20, 0x4c, 0x04),
      [7, 7, 7, 7, 7, 9],
    ],
  ] as [string, Fields, Uint8Array, number[]][])('reads %s', async (_, fields, bytes, expected) => {
    const { data, width, height, channels } = await decodeImage(tiff(fields, bytes));
    expect([width, height, channels]).toEqual([3, 2, 1]);
    expect([...data]).toEqual(expected);
  });

  it('gives the values of floats, and refuses them as a picture', async () => {
    const values = Float32Array.of(0, 0.5, -1, 1e9, 2, 3);
    const file = tiff({ ...GRAY, 258: [3, 32], 339: [3, 3] }, new Uint8Array(values.buffer));
    expect((await decodeSamples(file)).data).toEqual(values);
    await expect(decodeImage(file)).rejects.toThrow('its samples are floating-point numbers');
    const halves = tiff(
      { ...GRAY, 258: [3, 16], 339: [3, 3] },
      new Uint8Array(Uint16Array.of(0, 0x3800, 0xbc00, 0x7bff, 1, 0x7c00).buffer),
    );
    expect([...(await decodeSamples(halves)).data]).toEqual([
      0,
      0.5,
      -1,
      65504,
      2 ** -24,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it.each([
    ['JPEG compression', { ...RGB, 259: [3, 7] }],
    ['CCITT (fax) compression', { ...GRAY, 259: [3, 4] }],
    ['Zstandard compression', { ...RGB, 259: [3, 50000] }],
    ['number 12345 compression', { ...RGB, 259: [3, 12345] }],
    ['YCbCr colours', { ...RGB, 262: [3, 6] }],
    ['CIE L*a*b* colours', { ...RGB, 262: [3, 8] }],
    ['photometric interpretation 77', { ...RGB, 262: [3, 77] }],
    ['bits of 5, 6, 5 for 3 samples', { ...RGB, 258: [3, 5, 6, 5] }],
    ['samples of 12 bits (uint)', { ...GRAY, 258: [3, 12] }],
    ['samples of 64 bits of an undefined format', { ...GRAY, 258: [3, 64], 339: [3, 6] }],
    ['samples of 16 bits (uint) of which 0 is white', { ...GRAY, 258: [3, 16], 262: [3, 0] }],
    ['a predictor without LZW or Deflate compression', { ...RGB, 317: [3, 2] }],
    ['predictor 3 for samples of 8 bits (uint)', { ...RGB, 259: [3, 5], 317: [3, 3] }],
    ['inks other than CMYK', { ...SIZE, 258: [3, 8, 8, 8, 8], 262: [3, 5], 277: [3, 4], 332: [3, 2] }],
    ['extra samples of the kinds 0, 0 beside gray', { ...GRAY, 258: [3, 8], 277: [3, 3], 338: [3, 0, 0] }],
    ['the bits of 16-bit samples in reversed order', { ...GRAY, 258: [3, 16], 266: [3, 2] }],
  ] as [string, Fields][])('refuses %s', async (what, fields) => {
    await expect(decodeImage(tiff(fields, many))).rejects.toThrow(`the TIFF has ${what}, which is not read`);
  });

  it('takes an orientation that there is not as 1, and byte counts that are left out from the size', async () => {
    const bytes = strip(1, 2, 3, 4, 5, 6);
    for (const orientation of [0, 9]) {
      const { data, width } = await decodeImage(tiff({ ...GRAY, 258: [3, 8], 274: [3, orientation] }, bytes));
      expect([width, ...data]).toEqual([3, ...bytes]);
    }
    const file = tiff({ ...GRAY, 258: [3, 8] }, bytes);
    // Another number for the last field, 279.
    file[10 + 12 * 5] = 200;
    expect([...(await decodeImage(file)).data]).toEqual([...bytes]);
  });

  it('names what is damaged or missing', async () => {
    const reading = (fields: Fields, bytes = many) => decodeImage(tiff(fields, bytes));
    await expect(reading({ ...SIZE, 258: [3, 8] })).rejects.toThrow('does not say what its values mean');
    await expect(reading({ 256: [3, 3], 262: [3, 1] })).rejects.toThrow('the TIFF does not say its size');
    await expect(reading(RGB, new Uint8Array(17))).rejects.toThrow(
      'the TIFF is cut: 17 bytes cannot hold the 18',
    );
    await expect(reading({ ...GRAY, 258: [3, 8], 262: [3, 3] })).rejects.toThrow(
      "the TIFF's palette has 0 of 768 values",
    );
    await expect(reading({ ...GRAY, 258: [3, 8], 259: [3, 8] })).rejects.toThrow('the TIFF is damaged: ');
    await expect(reading({ ...GRAY, 258: [3, 8], 278: [3, 1] })).rejects.toThrow(
      'it says where 1 of its 2 parts lie',
    );
  });
});
