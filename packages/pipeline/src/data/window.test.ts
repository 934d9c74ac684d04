import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareImage } from '@ddad/detector';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.js';
import { openData } from './open-data.js';
import { trainingImages } from './training-images.js';

const fixtures = JSON.parse(
  await readFile(new URL('../../../images/fixtures/window.json', import.meta.url), 'utf8'),
);
const { file, gray, width, height } = fixtures['12 of 16 bits, PNG'];

/** A folder of three images of 12 bits in 16. */
async function camera(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'ddad-window-'));
  for (const i of [0, 1, 2]) await writeFile(join(root, `${i}.png`), Buffer.from(file, 'base64'));
  return root;
}

async function load(data: object) {
  const root = await camera();
  const config = loadConfig({ data: { root, channels: 1, imageSize: 16, ...data } });
  const notices: string[] = [];
  const onNotice = (notice: string) => notices.push(notice);
  return {
    root,
    config,
    notices,
    images: await trainingImages(await openData(config), config, { onNotice }),
  };
}

test('images of 16 bits without a window: one line says what is left, and the window that suits', async () => {
  const { notices } = await load({});
  expect(notices).toEqual([
    '0.png has 16 bits, of which the high byte is taken: of its values, up to 4085, 16 levels are left; data.window states ' +
      'the range that counts, such as [0, 4095]',
  ]);
});

test('with one: as training, tiles and detection see them, the bytes that NumPy makes', async () => {
  const levels = new Uint8Array(Buffer.from(gray, 'base64'));
  const side = 16;
  const expected = Uint8Array.from(
    { length: side * side },
    (_, i) => levels[Math.floor(i / side) * width + (i % side)],
  );
  const { root, config, notices, images } = await load({ tiles: side, window: [0, 4095] });
  expect(notices).toEqual([]);
  expect(images.training[0]).toEqual(expected);
  const { parts, pixels } = await prepareImage(join(root, '0.png'), config);
  expect(parts[0].bytes).toEqual(expected);
  expect(pixels).toEqual({ data: levels, width, height, channels: 1 });
  const whole = await load({ window: [0, 4095] });
  const prepared = await prepareImage(join(whole.root, '0.png'), whole.config);
  expect(whole.images.training[0]).toEqual(prepared.parts[0].bytes);
});

test('a window whose ends are not in order is refused', () => {
  expect(() => loadConfig({ data: { root: '.', kind: 'folder', window: [9, 9] } })).toThrow(
    'data.window: needs [low, high], the lower first, got [9, 9]',
  );
});
