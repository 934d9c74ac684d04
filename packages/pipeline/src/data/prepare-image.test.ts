import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImage, makeSynthetic } from '@ddad/datasets';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.js';
import { UserError } from '../user-error.js';
import { prepareImage } from './prepare-image.js';

const config = (overrides: string[] = []) =>
  loadConfig({ data: { root: 'x', category: 'y', imageSize: 24 } }, { overrides });

async function image(): Promise<string> {
  const out = await mkdtemp(join(tmpdir(), 'ddad-prepare-'));
  const counts = { train: 1, testGood: 0, testDefect: 0 };
  const { root, category } = await makeSynthetic({ out, counts, size: [30, 50] });
  return join(root, category, 'train', 'good', '000.png');
}

test('a path, its bytes and its pixels give the same', async () => {
  const path = await image();
  for (const overrides of [[], ['data.fit=crop'], ['data.fit=pad'], ['data.channels=1']]) {
    const expected = await prepareImage(path, config(overrides));
    expect(expected).toHaveLength(24 * 24 * (overrides[0] === 'data.channels=1' ? 1 : 3));
    expect(await prepareImage(readFileSync(path), config(overrides))).toEqual(expected);
    expect(await prepareImage(await loadImage(path), config(overrides))).toEqual(expected);
  }
});

test('RGBA and gray pixels are taken as colours', async () => {
  const gray = await prepareImage(
    { data: Uint8Array.of(7, 9, 11), width: 3, height: 1, channels: 1 },
    config(),
  );
  const rgba = Uint8Array.of(7, 7, 7, 0, 9, 9, 9, 128, 11, 11, 11, 255);
  expect(await prepareImage({ data: rgba, width: 3, height: 1, channels: 4 }, config())).toEqual(gray);
});

test('what is no image is a user error that names it', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'ddad-prepare-')), 'note.png');
  await writeFile(path, 'no image');
  await expect(prepareImage(path, config())).rejects.toThrow(UserError);
  await expect(prepareImage(path, config())).rejects.toThrow(/note\.png/);
  await expect(prepareImage('none.png', config())).rejects.toThrow(/none\.png/);
  await expect(prepareImage(Uint8Array.of(1, 2), config())).rejects.toThrow(/given as bytes/);
  const broken = { data: new Uint8Array(5), width: 2, height: 2, channels: 3 };
  await expect(prepareImage(broken, config())).rejects.toThrow(UserError);
});
