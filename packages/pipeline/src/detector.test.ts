import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import type { ConfigInput } from './config/schema.js';
import { Detector } from './detector.js';
import { startEngine } from './engine.js';
import { evaluate } from './evaluate.js';
import type { Report } from './evaluation/report.js';
import { run } from './run.js';
import { synthesize } from './synthesize.js';

let config: ConfigInput;
let report: Report;
let paths: string[];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ddad-detector-'));
  const counts = { train: 8, testGood: 8, testDefect: 8 };
  const { root } = await synthesize({ out: folder, category: 'weave', seed: 11, size: 32, counts });
  config = {
    seed: 2,
    data: { root, category: 'weave', imageSize: 32 },
    model: { baseChannels: 32, channelMultipliers: [1, 1], attentionResolutions: [16], start: 75, w: 8 },
    training: { steps: 2, batchSize: 4 },
    adaptation: { epochs: 0 },
    scoring: { sigma: 1, batchSize: 16 },
    output: { checkpoints: join(folder, 'checkpoints'), results: join(folder, 'results'), report: false },
  };
  await startEngine({ engine: 'ort' });
  report = await run(config);
  paths = report.images.map(({ id }) => join(root, id));
}, 120_000);

test('an image has the same score alone, in batches of 3 and 16, and in another order', async () => {
  const detector = await Detector.load(config.output!.checkpoints!);
  try {
    const scores = async (images: string[]) => (await detector.detectAll(images)).map(({ score }) => score);
    const before = tf.memory().numTensors;
    const expected = await scores(paths);
    expect(expected).toHaveLength(16);
    expect(new Set(expected).size).toBe(16);

    const alone: number[] = [];
    for (const path of paths) alone.push((await detector.detect(path)).score);
    expect(alone).toEqual(expected);

    const threes: number[] = [];
    for (let at = 0; at < paths.length; at += 3) threes.push(...(await scores(paths.slice(at, at + 3))));
    expect(threes).toEqual(expected);

    const order = paths.map((_, i) => (7 * i + 5) % paths.length);
    expect(await scores(order.map((i) => paths[i]))).toEqual(order.map((i) => expected[i]));
    expect(tf.memory().numTensors).toBe(before);

    // what the evaluation found, whatever the batches it took
    expect(report.images.map(({ score }) => score)).toEqual(expected);
    const again = await evaluate({ ...config, scoring: { ...config.scoring, batchSize: 3 } });
    expect(again.images.map(({ score }) => score)).toEqual(expected);
    expect(again.threshold).toBe(report.threshold);
  } finally {
    detector.dispose();
  }
}, 120_000);
