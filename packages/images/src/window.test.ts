import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { decodeImage } from './decode-image.js';
import { readHeader } from './header.js';
import { readImage } from './read-image.js';
import { likelyWindow, toPixels } from './samples.js';

interface Fixture {
  file: string;
  window: [number, number];
  width: number;
  height: number;
  gray: string;
}

const fixtures: [string, Fixture][] = Object.entries(
  JSON.parse(await readFile(new URL('../fixtures/window.json', import.meta.url), 'utf8')),
);
const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

test.each(fixtures)('%s: the bytes that NumPy makes', async (name, { file, window, width, height, gray }) => {
  const bytes = bytesOf(file);
  const expected = { data: bytesOf(gray), width, height, channels: 1 };
  expect(await decodeImage(bytes, { window })).toEqual(expected);
  expect(await readImage(bytes, { window, channels: 1 })).toEqual(expected);
  expect(readHeader(bytes).depth).toBe(/float/.test(name) ? 32 : /^8/.test(name) ? 8 : 16);
});

test('is that of as many bits as the largest value needs', () => {
  const tops = { 0: 255, 255: 255, 256: 511, 1023: 1023, 1024: 2047, 4095: 4095, 4096: 8191, 65535: 65535 };
  for (const [largest, top] of Object.entries(tops)) expect(likelyWindow(Number(largest))).toEqual([0, top]);
});

test('alpha is left out of it, colours are not', () => {
  const of = (channels: number, ...values: number[]) => [
    ...toPixels({ data: Uint16Array.from(values), width: 1, height: 1, channels }, { window: [0, 1020] })
      .data,
  ];
  expect(of(2, 1020, 3)).toEqual([255, 255]);
  expect(of(4, 4, 510, 2000, 9)).toEqual([1, 128, 255, 255]);
});

test('a window that is none, and files that it has no meaning for, are refused', async () => {
  const [, { file }] = fixtures[0]!;
  const refused = (window: unknown) => decodeImage(bytesOf(file), { window } as never);
  for (const window of [[1, 1], [2, 1], [0, Number.NaN], [0], 'all']) {
    await expect(refused(window)).rejects.toThrow(
      /decodeImage: window needs \[low, high\], two numbers, the lower first/,
    );
  }
  const shape = { width: 1, height: 1, channels: 1 };
  const palette = { data: new Uint8Array(1), ...shape, palette: new Uint8Array(4) };
  expect(() => toPixels(palette, { window: [0, 9] })).toThrow(/a palette, which a window has no meaning for/);
  const broken = { data: Float32Array.of(Number.NaN), ...shape };
  expect(() => toPixels(broken, { window: [0, 9] })).toThrow(/not numbers/);
  expect(() => toPixels({ data: Float32Array.of(1), ...shape })).toThrow(
    /or state the window of values that counts/,
  );
});
