import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.js';
import { epochBatches } from './training-batches.js';

const config = loadConfig({
  seed: 3,
  data: { root: 'x', category: 'y', imageSize: 4, channels: 1 },
  scoring: { sigma: 0 },
});
/** Image i has the value 10 i, its left half 200 more. */
const images = Array.from({ length: 10 }, (_, i) =>
  Uint8Array.from({ length: 16 }, (_, k) => 10 * i + (k % 4 < 2 ? 100 : 0)),
);

async function epoch(n: number, options: Partial<Parameters<typeof epochBatches>[1]> = {}) {
  const before = tf.memory().numTensors;
  const seen: number[][] = [];
  for await (const batch of epochBatches(images, { config, batchSize: 4, ...options })(n)) {
    expect(batch.shape).toEqual([4, 4, 4, 1]);
    const bytes = Array.from(await batch.data(), (v) => Math.round((v + 1) * 127.5));
    for (let i = 0; i < 4; i++) seen.push(bytes.slice(16 * i, 16 * i + 16));
    batch.dispose();
  }
  expect(tf.memory().numTensors).toBe(before);
  return seen;
}

test('an epoch has each image once, in an order of its own, without the last partial batch', async () => {
  const first = await epoch(0);
  expect(first).toHaveLength(8);
  const originals = images.map((image) => image.join());
  expect(new Set(first.map((image) => originals.indexOf(image.join()))).size).toBe(8);
  expect(await epoch(0)).toEqual(first);
  expect(await epoch(1)).not.toEqual(first);
});

test('augmentation changes images by (seed, epoch, image) and leaves the order', async () => {
  const plain = await epoch(2);
  const flipped = await epoch(2, { augmentation: config.training.augment });
  expect(flipped).toEqual(plain);
  const augmentation = { flipHorizontal: true };
  const augmented = await epoch(2, { augmentation });
  expect(await epoch(2, { augmentation })).toEqual(augmented);
  let changed = 0;
  for (const [i, image] of augmented.entries()) {
    const mirrored = plain[i].map((_, k) => plain[i][k - (k % 4) + 3 - (k % 4)]);
    if (image.join() === mirrored.join()) changed++;
    else expect(image).toEqual(plain[i]);
  }
  expect(changed).toBeGreaterThan(0);
  expect(changed).toBeLessThan(8);
});

test('what is not learnt is said in a channel more, turned as the image is', async () => {
  const masks = images.map((_, i) =>
    i === 2 ? undefined : Uint8Array.from({ length: 16 }, (_, k) => (k % 4 < 2 ? 1 : 0)),
  );
  const options = { config, batchSize: 4, masks, augmentation: { flipHorizontal: true } };
  const seen = new Set<string>();
  for await (const batch of epochBatches(images, options)(0)) {
    expect(batch.shape).toEqual([4, 4, 4, 2]);
    const values = Array.from(await batch.data(), (v) => Math.round((v + 1) * 127.5));
    for (let at = 0; at < values.length; at += 2) {
      // the bright half of the images is what their masks have, whichever side it is on
      const [value, counts] = [values[at], values[at + 1]];
      const image = (value % 100) / 10;
      expect(counts).toBe(image === 2 || value >= 100 ? 255 : 0);
      seen.add(`${counts}`);
    }
    batch.dispose();
  }
  expect([...seen].sort()).toEqual(['0', '255']);
});
