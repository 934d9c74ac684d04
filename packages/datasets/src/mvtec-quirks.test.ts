import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resize } from '@ddad/images';
import { expect, it } from 'vitest';
import { makeTree } from '../testing/tree.js';
import { worker } from '../testing/worker.js';
import { loadImages } from './load-images.js';
import { loadMask } from './load-mask.js';
import { openDataset } from './open-dataset.js';

/** Files and the RGB bytes Pillow reads from them (tools/fixtures/decode-fixtures.py). */
const fixtures: Record<string, { file: string; width: number; height: number; rgb: string }> = JSON.parse(
  readFileSync(new URL('../../images/fixtures/decode.json', import.meta.url), 'utf8'),
);
const file = (name: string) => new Uint8Array(Buffer.from(fixtures[name]!.file, 'base64'));

const category = 'große Nüsse 螺母';
/** Every quirk of real trees, under the names real trees have. */
const images: Record<string, string> = {
  'train/good/000.png': 'gray.png',
  'train/good/001.png': 'gray16.png',
  'train/good/002.png': 'palette-13.png',
  'train/good/003.PNG': 'rgba.png',
  'train/good/004.JPG': 'orientation-6.jpg',
  'train/good/005 (Kopie).jpeg': 'gray.jpg',
  'train/good/006.bmp': 'palette.bmp',
  'train/good/007.tif': 'gray16.tif',
  'test/good/000.png': 'bits.png',
  'test/Riß oben/000.jpg': 'progressive.jpg',
  'test/Riß oben/001.png': 'gray-alpha.png',
  'test/Riß oben/002.png': 'interlaced-16bit.png',
};

it('loads an MVTec tree with every quirk as Pillow does, masks found by stem', async () => {
  const mask = 'ground_truth/Riß oben';
  const files = Object.fromEntries([
    ...Object.entries(images).map(([path, name]) => [`${category}/${path}`, file(name)]),
    // The masks of 000 and 002; 001 has none.
    [`${category}/${mask}/002_mask.png`, file('bits.png')],
    [`${category}/${mask}/000_mask.png`, file('interlaced-2bit.png')],
    ...[
      'license.txt',
      'train/good/Thumbs.db',
      'train/good/.DS_Store',
      'test/readme.md',
      'test/good/._000.png',
    ].map((path) => [`${category}/${path}`, 'stray']),
  ]);
  const root = await makeTree(files);
  const windows = `${root}\\${category}\\..`.replaceAll('/', '\\');
  const { train, test } = await openDataset({ kind: 'mvtec', root: windows, category });
  const samples = [...train, ...test];
  expect(samples.map(({ id }) => id)).toEqual(
    Object.keys(images)
      .map((path) => `${category}/${path}`)
      .sort((a, b) => Number(b.includes('/train/')) - Number(a.includes('/train/')) || (a < b ? -1 : 1)),
  );

  const size = [24, 24] as const;
  const store = await loadImages(samples, { size, workers: 2, worker });
  for (const [i, { id }] of samples.entries()) {
    const { rgb, width, height } = fixtures[images[id.slice(category.length + 1)]!]!;
    const data = new Uint8Array(Buffer.from(rgb, 'base64'));
    expect(store.get(i), id).toEqual(resize({ data, width, height, channels: 3 }, { size }).data);
  }

  const bad = test.filter(({ label }) => label === 1);
  expect(bad.map(({ maskPath }) => maskPath)).toEqual([
    join(root, category, mask, '000_mask.png'),
    undefined,
    join(root, category, mask, '002_mask.png'),
  ]);
  const masks = await Promise.all(bad.map((sample) => loadMask(sample, { size })));
  expect(masks[1]).toBeUndefined();
  for (const [m, name] of [
    [masks[0]!, 'interlaced-2bit.png'],
    [masks[2]!, 'bits.png'],
  ] as const) {
    const { rgb, width, height } = fixtures[name]!;
    const values = Buffer.from(rgb, 'base64');
    const data = Uint8Array.from({ length: width * height }, (_, k) =>
      Math.max(...values.subarray(3 * k, 3 * k + 3)) > 0 ? 255 : 0,
    );
    expect(m).toEqual(resize({ data, width, height, channels: 1 }, { size, method: 'nearest' }).data);
  }
});
