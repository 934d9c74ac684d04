import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePng } from '@ddad/images';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.js';
import { openData } from './open-data.js';
import { trainingImages } from './training-images.js';

test('leaves out the anomalous training images of a two-class split', async () => {
  const root = await mkdtemp(join(tmpdir(), 'ddad-training-'));
  for (const [folder, value] of [
    ['good', 10],
    ['bad', 200],
  ] as const) {
    const at = join(root, 'candle', 'train', folder);
    await mkdir(at, { recursive: true });
    for (const i of [0, 1, 2]) {
      const data = new Uint8Array(64).fill(value + i);
      await writeFile(join(at, `${i}.png`), encodePng({ data, width: 8, height: 8, channels: 1 }));
    }
  }
  const config = loadConfig({
    data: { kind: 'visa', root, category: 'candle', imageSize: 8, channels: 1 },
    scoring: { sigma: 0 },
  });
  const dataset = await openData(config);
  expect(dataset.train.map(({ label }) => label)).toEqual([1, 1, 1, 0, 0, 0]);
  const { training, trainingIds } = await trainingImages(dataset, config, {});
  expect(training.map((image) => image[0])).toEqual([10, 11, 12]);
  expect(trainingIds).toEqual([0, 1, 2].map((i) => `candle/train/good/${i}.png`));
});
