import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodePng } from './encode-png.js';
import { readHeader } from './header.js';

const fixtures: Record<string, { file: string }> = JSON.parse(
  readFileSync(new URL('../fixtures/decode.json', import.meta.url), 'utf8'),
);
const bytesOf = (name: string) => new Uint8Array(Buffer.from(fixtures[name]!.file, 'base64'));

describe('readHeader', () => {
  it.each([
    ['GIF', 'GIF89a'],
    ['AVIF', '\0\0\0\x20ftypavif'],
    ['HEIC', '\0\0\0\x18ftypheic'],
    ['JPEG XL', '\xff\x0a'],
    ['JPEG 2000', '\0\0\0\x0cjP  \r\n'],
    ['Photoshop', '8BPS\0\x01'],
    ['Netpbm', 'P6\n3 2\n255\n'],
    ['icon', '\0\0\x01\0'],
    ['DICOM', `${'\0'.repeat(128)}DICM`],
  ])('names %s', (name, start) => {
    const file = Buffer.from(start.padEnd(200, '\0'), 'latin1');
    expect(() => readHeader(file)).toThrow(
      `not a PNG, JPEG, BMP, TIFF or WebP file but one of the format ${name}, which is not read`,
    );
  });

  it.each(['orientation-6.jpg', 'orientation-6.png', 'orientation-6.webp'])('reads %s', (name) => {
    const format = name.split('.')[1]!.replace('jpg', 'jpeg');
    expect(readHeader(bytesOf(name))).toEqual({ format, depth: 8, width: 29, height: 19, orientation: 6 });
  });

  it('takes a picture as upright whose EXIF data cannot be read, whatever they are', () => {
    const jpeg = bytesOf('orientation-6.jpg');
    const at = Buffer.from(jpeg).indexOf('Exif\0\0', 'latin1') + 6;
    for (let i = at; i < at + 20; i++) {
      for (const value of [0, 0x7f, 0xff]) {
        const file = jpeg.slice();
        file[i] = value;
        const { orientation, ...rest } = readHeader(file);
        expect(rest).toEqual({ format: 'jpeg', depth: 8, width: 29, height: 19 });
        expect(orientation).toBeGreaterThanOrEqual(1);
        expect(orientation).toBeLessThanOrEqual(8);
      }
    }
  });

  it('refuses an animated WebP', () => {
    const file = Buffer.alloc(60);
    file.write('RIFF\x34\0\0\0WEBPVP8X\x0a\0\0\0\x02', 'latin1');
    expect(() => readHeader(file)).toThrow('the WebP is animated, which is not read');
  });

  it('says that a file ends inside its header', () => {
    for (const bytes of [
      encodePng({ data: Uint8Array.of(1), width: 1, height: 1, channels: 1 }),
      bytesOf('rgb.bmp'),
    ]) {
      expect(() => readHeader(bytes.subarray(0, 20))).toThrow('the file ends inside its header');
    }
  });
});
