import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadImage, type Pixels } from '@ddad/datasets';
import { Detector } from '@ddad/detector';
import { collect } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import { evaluate } from './evaluate.js';

const { at, config, copy, output, report, trained } = useTrained();

test('a detector scores an image as the evaluation did, given as path, bytes or pixels', async () => {
  const detector = await Detector.load(trained('checkpoints'));
  try {
    const path = trained('data', report.images[4].id);
    const [byPath, byBytes, byPixels] = [
      await detector.detect(path),
      await detector.detect(await readFile(path)),
      await detector.detect((await loadImage(path)) as Pixels),
    ];
    expect(byBytes).toEqual(byPath);
    expect(byPixels).toEqual(byPath);
    const { score, threshold, isAnomalous, map, regions, reconstruction } = byPath;
    expect(score).toBe(report.images[4].score);
    expect(threshold).toBe(report.threshold);
    expect(isAnomalous).toBe(score >= threshold);
    expect(regions.length > 0).toBe(isAnomalous);
    expect(map).toHaveLength(32 * 32);
    expect(Math.max(...map)).toBe(score);
    expect(reconstruction).toMatchObject({ width: 32, height: 32, channels: 3 });
  } finally {
    detector.dispose();
  }
});

test('an image has the same score alone, in batches of 3, 4 and 7, and in another order', async () => {
  const detector = await Detector.load(trained('checkpoints'));
  try {
    const tested = report.images.map(({ id }) => trained('data', id));
    const good = trained('data', 'weave', 'train', 'good');
    const paths = [...tested, ...(await readdir(good)).map((name) => join(good, name))].slice(0, 16);
    const scores = async (images: string[]) =>
      (await collect(detector.detectAll(images))).map(({ score }) => score);
    const before = tf.memory().numTensors;
    const expected = await scores(paths);
    expect(expected).toHaveLength(16);
    expect(new Set(expected).size).toBe(16);

    const alone: number[] = [];
    for (const path of paths) alone.push((await detector.detect(path)).score);
    expect(alone).toEqual(expected);

    const threes: number[] = [];
    for (let i = 0; i < paths.length; i += 3) threes.push(...(await scores(paths.slice(i, i + 3))));
    expect(threes).toEqual(expected);

    const order = paths.map((_, i) => (7 * i + 5) % paths.length);
    expect(await scores(order.map((i) => paths[i]))).toEqual(order.map((i) => expected[i]));
    expect(tf.memory().numTensors).toBe(before);

    // what the evaluation found, whatever the batches it took
    const found = expected.slice(0, tested.length);
    expect(report.images.map(({ score }) => score)).toEqual(found);
    await copy('batches');
    for (const batchSize of [3, 7]) {
      const again = await evaluate({
        ...config,
        scoring: { ...config.scoring, batchSize },
        output: { ...output('batches'), report: false },
      });
      expect(again.images.map(({ score }) => score)).toEqual(found);
      expect(again.threshold).toBe(report.threshold);
    }
  } finally {
    detector.dispose();
  }
});

test('missing and altered files are named', async () => {
  await expect(Detector.load(at('empty'))).rejects.toThrow(/no trained detector/);
  await copy('altered');
  const bytes = await readFile(at('altered', 'unet-2.safetensors'));
  bytes[bytes.length - 1] ^= 1;
  await writeFile(at('altered', 'unet-2.safetensors'), bytes);
  await expect(Detector.load(at('altered'))).rejects.toThrow(/sha256 differs/);
  await writeFile(at('altered', 'detector.json'), '{"format":"ddad-detector","version":9}');
  await expect(Detector.load(at('altered'))).rejects.toThrow(/needs version 1, got 9/);
});
