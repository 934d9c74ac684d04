import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crc32 } from './image/crc32.js';
import { encodePng } from './image/encode-png.js';
import { loadImage } from './load-image.js';
import { stream } from './synthetic/random.js';

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

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ddad-load-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('loadImage', () => {
  for (const [name, { file: content, width, height, rgb }] of Object.entries(fixtures)) {
    it(`reads ${name} as Pillow does`, async () => {
      const got = await loadImage(await file(name, bytes(content)));
      const expected = bytes(rgb);
      expect([got.width, got.height, got.channels]).toEqual([width, height, 3]);
      const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - got.data[i]!)), 0);
      // CMYK takes another decoder.
      expect(worst).toBeLessThanOrEqual(name === 'cmyk.jpg' ? 1 : 0);
    });
  }

  it('makes gray as Pillow does, and colour from gray', async () => {
    const data = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30);
    const path = await file('colors.png', encodePng({ data, width: 4, height: 1, channels: 3 }));
    expect([...(await loadImage(path, { channels: 1 })).data]).toEqual([76, 150, 29, 18]);
    const gray = await file(
      'gray.png',
      encodePng({ data: Uint8Array.of(7, 9), width: 2, height: 1, channels: 1 }),
    );
    expect([...(await loadImage(gray)).data]).toEqual([7, 7, 7, 9, 9, 9]);
  });

  it('stretches, pads and crops', async () => {
    const data = Uint8Array.of(10, 10, 200, 200, 10, 10, 200, 200);
    const path = await file('wide.png', encodePng({ data, width: 4, height: 2, channels: 1 }));
    const load = async (fit: 'stretch' | 'pad' | 'crop') => [
      ...(await loadImage(path, { size: [4, 4], channels: 1, fit, method: 'nearest' })).data,
    ];
    expect(await load('stretch')).toEqual([
      10, 10, 200, 200, 10, 10, 200, 200, 10, 10, 200, 200, 10, 10, 200, 200,
    ]);
    expect(await load('pad')).toEqual([0, 0, 0, 0, 10, 10, 200, 200, 10, 10, 200, 200, 0, 0, 0, 0]);
    expect(await load('crop')).toEqual([
      10, 10, 200, 200, 10, 10, 200, 200, 10, 10, 200, 200, 10, 10, 200, 200,
    ]);
  });

  it('names the file and the fault', async () => {
    const whole = encodePng({ data: new Uint8Array(300), width: 10, height: 10, channels: 3 });
    const cut = await file('cut.png', whole.subarray(0, 45));
    await expect(loadImage(cut)).rejects.toThrow(`loadImage: cannot read ${cut}: the PNG`);
    const jpeg = bytes(fixtures['baseline.jpg']!.file);
    await expect(loadImage(await file('cut.jpg', jpeg.subarray(0, jpeg.length - 40)))).rejects.toThrow(
      'cut.jpg: the JPEG is cut',
    );
    const text = await file('text.png', 'hello');
    await expect(loadImage(text)).rejects.toThrow(`${text}: not a PNG, JPEG, BMP or TIFF file`);
    await expect(loadImage(await file('empty.jpg', ''))).rejects.toThrow('empty.jpg: the file is empty');
    await expect(loadImage(join(folder, 'none.png'))).rejects.toThrow('none.png: there is no such file');
    await expect(loadImage(folder)).rejects.toThrow('it is a folder');
  });

  it('refuses a header of 30,000 x 30,000 pixels before decoding', async () => {
    const png = Buffer.from(encodePng({ data: new Uint8Array(1), width: 1, height: 1, channels: 1 }));
    png.writeUInt32BE(30_000, 16);
    png.writeUInt32BE(30_000, 20);
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
    await expect(loadImage(await file('bomb.png', png))).rejects.toThrow(
      '30000x30000 pixels, more than the limit',
    );
  });

  it('refuses a JPEG whose header claims more pixels than its bytes can hold', async () => {
    for (const name of ['baseline.jpg', 'progressive.jpg']) {
      const jpeg = Buffer.from(bytes(fixtures[name]!.file));
      const frame = jpeg.findIndex((byte, i) => byte === 0xff && [0xc0, 0xc2].includes(jpeg[i + 1]!));
      jpeg.writeUInt16BE(9000, frame + 5);
      jpeg.writeUInt16BE(9000, frame + 7);
      await expect(loadImage(await file(name, jpeg))).rejects.toThrow(
        `its header says 9000x9000 pixels, more than ${jpeg.length} bytes can hold`,
      );
    }
  });

  it('reads the emptiest image that a format can hold', async () => {
    const data = new Uint8Array(3000 * 3000);
    const path = await file('black.png', encodePng({ data, width: 3000, height: 3000, channels: 1 }));
    expect((await loadImage(path, { size: [2, 2], channels: 1 })).data).toEqual(new Uint8Array(4));
  });

  it('refuses image data that inflates beyond its header', async () => {
    const png = Buffer.from(
      encodePng({ data: new Uint8Array(4_000_000), width: 2000, height: 2000, channels: 1 }),
    );
    png.writeUInt32BE(3, 16);
    png.writeUInt32BE(3, 20);
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
    await expect(loadImage(await file('inflates.png', png))).rejects.toThrow('inflates.png: the PNG');
  });

  it('gives an image or an error that names the file for 500 damaged files', async () => {
    const random = stream(1, 'damage');
    const names = Object.keys(fixtures);
    const path = join(folder, 'damaged');
    let failed = 0;
    for (let n = 0; n < 500; n++) {
      let content = bytes(fixtures[names[n % names.length]!]!.file);
      if (n % 4 === 0) content = content.subarray(0, Math.floor(random() * content.length));
      else {
        const within = n % 4 === 1 ? Math.min(64, content.length) : content.length;
        for (let k = 0; k < (n % 4) * 3; k++)
          content[Math.floor(random() * within)]! ^= 1 << Math.floor(random() * 8);
      }
      await writeFile(path, content);
      try {
        const got = await loadImage(path, { size: [8, 8] });
        expect(got.data.length).toBe(192);
      } catch (error) {
        expect((error as Error).message).toContain(`loadImage: cannot read ${path}: `);
        failed++;
      }
    }
    expect(failed).toBeGreaterThan(250);
  });
});
