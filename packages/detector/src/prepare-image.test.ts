import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadImage, makeSynthetic } from '@ddad/datasets';
import { expect, test } from 'vitest';
import { tinyConfig } from '../testing/make-detector.js';
import { UserError } from './errors.js';
import { prepareImage } from './prepare-image.js';

const config = (data: Parameters<typeof tinyConfig>[0] = {}) => tinyConfig({ imageSize: 24, ...data });

async function image(): Promise<string> {
  const out = await mkdtemp(join(tmpdir(), 'ddad-prepare-'));
  const counts = { train: 1, testGood: 0, testDefect: 0 };
  const { root, category } = await makeSynthetic({ out, counts, size: [30, 50] });
  return join(root, category, 'train', 'good', '000.png');
}

test('a path, an address, bytes and pixels give the same, which is what loadImage gives', async () => {
  const path = await image();
  for (const data of [{}, { fit: 'crop' }, { fit: 'pad' }, { channels: 1 }] as const) {
    const byPath = await prepareImage(path, config(data));
    const expected = await loadImage(path, { size: [24, 24], channels: 3, ...data });
    expect(byPath.parts[0].bytes).toEqual(expected.data);
    expect(await prepareImage(pathToFileURL(path), config(data))).toEqual(byPath);
    expect(await prepareImage(readFileSync(path), config(data))).toEqual(byPath);
    expect(await prepareImage(await loadImage(path), config(data))).toEqual(byPath);
  }
});

test('RGBA and gray pixels are taken as colours', async () => {
  const gray = { data: Uint8Array.of(7, 9, 11), width: 3, height: 1, channels: 1 };
  const rgba = Uint8Array.of(7, 7, 7, 0, 9, 9, 9, 128, 11, 11, 11, 255);
  const inColour = await prepareImage({ data: rgba, width: 3, height: 1, channels: 4 }, config());
  expect(inColour.parts[0].bytes).toEqual((await prepareImage(gray, config())).parts[0].bytes);
});

test('what is no image is a user error that names it', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'ddad-prepare-')), 'note.png');
  await writeFile(path, 'no image');
  await expect(prepareImage(path, config())).rejects.toThrow(UserError);
  await expect(prepareImage(path, config())).rejects.toThrow(/note\.png/);
  await expect(prepareImage('none.png', config())).rejects.toThrow(/none\.png: there is no such file/);
  await expect(prepareImage(Uint8Array.of(1, 2), config())).rejects.toThrow(/given as bytes/);
  const broken = { data: new Uint8Array(5), width: 2, height: 2, channels: 3 };
  await expect(prepareImage(broken, config())).rejects.toThrow(UserError);
  for (const [other, shown] of [
    [null, 'null'],
    [undefined, 'undefined'],
    [7, '7'],
    [{}, 'Object'],
  ]) {
    await expect(prepareImage(other as never, config())).rejects.toThrow(
      `needs a path, a URL, the bytes of an image file or pixels { data, width, height, channels }, got ${shown}`,
    );
  }
});
