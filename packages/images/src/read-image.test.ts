import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { damage } from '../testing/damage.js';
import { crc32 } from './crc32.js';
import { encodePng } from './encode-png.js';
import { readImage } from './read-image.js';

interface Fixture {
  file: string;
  width: number;
  height: number;
  rgb: string;
}

/** Files and the bytes Pillow reads from them (tools/fixtures/decode-fixtures.py). */
const fixtures: Record<string, Fixture> = JSON.parse(
  readFileSync(new URL('../fixtures/decode.json', import.meta.url), 'utf8'),
);
const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

describe('readImage', () => {
  for (const [name, { file: content, width, height, rgb }] of Object.entries(fixtures)) {
    it(`reads ${name} as Pillow does`, async () => {
      const got = await readImage(bytes(content));
      const expected = bytes(rgb);
      expect([got.width, got.height, got.channels]).toEqual([width, height, 3]);
      const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - got.data[i]!)), 0);
      expect(worst).toBe(0);
    });
  }

  it('makes gray as Pillow does, and colour from gray', async () => {
    const data = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30);
    const color = encodePng({ data, width: 4, height: 1, channels: 3 });
    expect([...(await readImage(color, { channels: 1 })).data]).toEqual([76, 150, 29, 18]);
    const gray = encodePng({ data: Uint8Array.of(7, 9), width: 2, height: 1, channels: 1 });
    expect([...(await readImage(gray)).data]).toEqual([7, 7, 7, 9, 9, 9]);
  });

  it('stretches, pads and crops', async () => {
    const data = Uint8Array.of(10, 10, 200, 200, 10, 10, 200, 200);
    const file = encodePng({ data, width: 4, height: 2, channels: 1 });
    const load = async (fit: 'stretch' | 'pad' | 'crop') => [
      ...(await readImage(file, { size: [4, 4], channels: 1, fit, method: 'nearest' })).data,
    ];
    expect(await load('stretch')).toEqual([
      10, 10, 200, 200, 10, 10, 200, 200, 10, 10, 200, 200, 10, 10, 200, 200,
    ]);
    expect(await load('pad')).toEqual([0, 0, 0, 0, 10, 10, 200, 200, 10, 10, 200, 200, 0, 0, 0, 0]);
    expect(await load('crop')).toEqual([
      10, 10, 200, 200, 10, 10, 200, 200, 10, 10, 200, 200, 10, 10, 200, 200,
    ]);
  });

  it('names the fault', async () => {
    const whole = encodePng({ data: new Uint8Array(300), width: 10, height: 10, channels: 3 });
    await expect(readImage(whole.subarray(0, 45))).rejects.toThrow(/^the PNG/);
    const jpeg = bytes(fixtures['baseline.jpg']!.file);
    await expect(readImage(jpeg.subarray(0, jpeg.length - 40))).rejects.toThrow('the JPEG is cut');
    await expect(readImage(Buffer.from('hello'))).rejects.toThrow('not a PNG, JPEG, BMP, TIFF or WebP file');
    await expect(readImage(new Uint8Array(0))).rejects.toThrow('the file is empty');
  });

  it('names the option that is wrong, before it looks at the file', async () => {
    const read = (options: object) => readImage(new Uint8Array(0), options);
    await expect(read({ size: [1] })).rejects.toThrow('readImage: size must be [height, width]');
    await expect(read({ channels: 2 })).rejects.toThrow('readImage: channels must be 1 or 3, got 2');
    await expect(read({ method: 'cubic' })).rejects.toThrow("readImage: method must be 'bilinear' or");
    await expect(read({ fit: 'fill' })).rejects.toThrow("must be one of stretch, pad, crop, got 'fill'");
  });

  it('refuses a header of 30,000 x 30,000 pixels before decoding', async () => {
    const png = Buffer.from(encodePng({ data: new Uint8Array(1), width: 1, height: 1, channels: 1 }));
    png.writeUInt32BE(30_000, 16);
    png.writeUInt32BE(30_000, 20);
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
    await expect(readImage(png)).rejects.toThrow('30000x30000 pixels, more than the limit');
  });

  it('refuses a JPEG whose header claims more pixels than its bytes can hold', async () => {
    for (const name of ['baseline.jpg', 'progressive.jpg']) {
      const jpeg = Buffer.from(bytes(fixtures[name]!.file));
      const frame = jpeg.findIndex((byte, i) => byte === 0xff && [0xc0, 0xc2].includes(jpeg[i + 1]!));
      jpeg.writeUInt16BE(9000, frame + 5);
      jpeg.writeUInt16BE(9000, frame + 7);
      await expect(readImage(jpeg)).rejects.toThrow(
        `its header says 9000x9000 pixels, more than ${jpeg.length} bytes can hold`,
      );
    }
  });

  it('reads the emptiest image that a format can hold', async () => {
    const data = new Uint8Array(3000 * 3000);
    const file = encodePng({ data, width: 3000, height: 3000, channels: 1 });
    expect((await readImage(file, { size: [2, 2], channels: 1 })).data).toEqual(new Uint8Array(4));
  });

  it('refuses image data that inflates beyond its header', async () => {
    const png = Buffer.from(
      encodePng({ data: new Uint8Array(4_000_000), width: 2000, height: 2000, channels: 1 }),
    );
    png.writeUInt32BE(3, 16);
    png.writeUInt32BE(3, 20);
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
    await expect(readImage(png)).rejects.toThrow(/^the PNG/);
  });

  it('gives an image or an error for 500 damaged files', async () => {
    const names = Object.keys(fixtures);
    let failed = 0;
    for (let n = 0; n < 500; n++) {
      const content = damage(bytes(fixtures[names[n % names.length]!]!.file), n);
      try {
        expect((await readImage(content, { size: [8, 8] })).data.length).toBe(192);
      } catch (error) {
        expect(error).not.toBeInstanceOf(RangeError);
        expect(error).not.toBeInstanceOf(TypeError);
        failed++;
      }
    }
    expect(failed).toBeGreaterThan(250);
  });
});
