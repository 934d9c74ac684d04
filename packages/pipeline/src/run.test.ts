import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { Detector } from '@ddad/detector';
import { assignVariables, readVariables, startEngine } from '@ddad/nn';
import { uniform } from '@ddad/testing';
import type { StateDict } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import { adapt } from './adapt.js';
import type { ConfigInput } from './config/schema.js';
import { evaluate } from './evaluate.js';
import { run } from './run.js';

const { at, config, output, report, trained } = useTrained();

test('a run leaves what it promises', async () => {
  expect((await readdir(trained('checkpoints'))).sort()).toEqual([
    'adaptation.json',
    'adaptation.safetensors',
    'detector.json',
    'features-0.safetensors',
    'features-1.safetensors',
    'state.json',
    'state.safetensors',
    'training.csv',
    'unet-2.safetensors',
    'validation.csv',
  ]);
  expect(await readdir(trained('results'))).toEqual(
    expect.arrayContaining(['maps', 'metrics.json', 'report.html', 'scores.csv']),
  );
  expect(
    (await readdir(trained('results', 'maps'), { recursive: true })).filter((n) => n.endsWith('.png')),
  ).toHaveLength(7);
  const { metrics, images } = report;
  for (const name of ['imageAuroc', 'pixelAuroc', 'aupro'] as const) {
    expect(metrics[name]).toBeGreaterThanOrEqual(0);
    expect(metrics[name]).toBeLessThanOrEqual(1);
  }
  expect(images).toHaveLength(7);
  expect(report.notReported).toEqual([]);
  expect(JSON.parse(await readFile(report.files.metrics, 'utf8')).metrics).toEqual(metrics);
  expect((await readFile(report.files.scores, 'utf8')).trim().split('\n')).toHaveLength(8);
  expect((await readFile(trained('checkpoints', 'training.csv'), 'utf8')).trim().split('\n')).toHaveLength(6);
  const validation = await readFile(trained('checkpoints', 'validation.csv'), 'utf8');
  expect(validation).toMatch(/^step,reconstruction_error\n5,0\.\d+\n$/);
  const page = await readFile(report.files.report!, 'utf8');
  expect(page).toContain('<title>Training loss</title>');
  expect(page).toContain('<title>Reconstruction error, good images</title>');
});

test('a folder without labels or masks is scored, and what cannot be measured is said; no tensor stays', async () => {
  await cp(trained('data', 'weave', 'train', 'good'), at('photos', 'good'), { recursive: true });
  await cp(trained('data', 'weave', 'test', 'good'), at('photos', 'test'), { recursive: true });
  const photos: ConfigInput = {
    ...config,
    data: { kind: 'folder', root: at('photos'), imageSize: 32 },
    training: { steps: 1, batchSize: 4 },
    adaptation: { epochs: 0 },
    output: output('photos-run'),
  };
  const notices: string[] = [];
  await startEngine({ engine: 'ort' });
  const before = tf.memory().numTensors;
  const result = await run(photos, { onNotice: (message) => notices.push(message) });
  expect(tf.memory().numTensors).toBe(before);
  expect(result.metrics).toEqual({});
  expect(result.notReported).toHaveLength(2);
  expect(result.confusion).toBeUndefined();
  expect(result.images).toHaveLength(3);
  expect(notices.some((n) => n.includes('calibrating with all 10 training images'))).toBe(true);

  const again = await run(photos);
  expect(again.images).toEqual(result.images);

  await rm(at('photos', 'test'), { recursive: true });
  await expect(evaluate(photos)).rejects.toThrow(/no test images in .*`detectFiles` scores/);
  // the threshold from labels there are none of
  const scoring = { ...config.scoring, threshold: 'youden' } as const;
  for (const untested of [photos, { ...photos, scoring }]) {
    const none = await run(untested);
    expect(none).toMatchObject({ metrics: {}, images: [], thresholdFrom: 'calibrated' });
    expect(none.notReported).toEqual([
      expect.stringMatching(/^metrics: there are no test images in .*photos; `detectFiles` scores/),
    ]);
    expect(JSON.parse(await readFile(none.files.metrics, 'utf8')).threshold).toBe(none.threshold);
    const detector = await Detector.load(at('photos-run'));
    expect(detector.threshold).toBe(none.threshold);
    detector.dispose();
  }
});

test('the reference preset scores batches, crops, and takes its threshold from the labels', async () => {
  const reference: ConfigInput = {
    ...config,
    preset: 'reference',
    training: { steps: 1, batchSize: 4 },
    features: { backbone: 'resnet18', weights: 'random' },
    adaptation: { epochs: 0 },
    output: output('reference'),
  };
  const result = await run(reference);
  expect(result.thresholdFrom).toBe('youden');
  expect(result.config.scoring).toMatchObject({ normalization: 'batch', crop: 0.875 });
  expect(result.metrics.referencePro === undefined).toBe(result.notReported.length > 0);
  const detector = await Detector.load(at('reference'));
  expect((await detector.detect(trained('data', result.images[0].id))).threshold).toBe(result.threshold);
  detector.dispose();
});

test('gray images train, adapt and score', async () => {
  const gray: ConfigInput = {
    ...config,
    data: { ...config.data, channels: 1 },
    training: { steps: 1, batchSize: 4 },
    output: output('gray'),
  };
  const result = await run(gray);
  expect(result.metrics.imageAuroc).toBeGreaterThanOrEqual(0);
});

test('an extractor of the user’s own takes the place of a ResNet', async () => {
  const backbone = () => {
    const made = tf.tidy(() => [
      tf.variable(tf.tensor(uniform('a', [3, 3, 3, 4]), [3, 3, 3, 4])),
      tf.variable(tf.tensor(uniform('b', [3, 3, 4, 8]), [3, 3, 4, 8])),
    ]) as tf.Variable<tf.Rank.R4>[];
    const named = new Map(made.map((variable, i) => [`${i}`, variable as tf.Variable]));
    return {
      parameters: made,
      features: (x: tf.Tensor4D) =>
        tf.tidy(() => {
          const fine = tf.relu(tf.conv2d(x, made[0], 2, 'same'));
          const coarse = tf.relu(tf.conv2d(fine, made[1], 2, 'same'));
          return [fine, fine, coarse];
        }),
      train() {},
      stateDict: () => readVariables(named),
      loadStateDict(stateDict: StateDict) {
        assignVariables(named, stateDict, { who: 'own' });
        return { missing: [], unexpected: [], misshapen: [] };
      },
      dispose: () => tf.dispose(made),
    };
  };
  const own: ConfigInput = {
    ...config,
    training: { steps: 1, batchSize: 4 },
    features: { backbone: 'custom', weights: 'random' },
    output: output('own'),
  };
  const before = tf.memory().numTensors;
  const result = await run(own, { backbone });
  const detector = await Detector.load(at('own'), { backbone });
  expect((await detector.detect(trained('data', result.images[0].id))).score).toBe(result.images[0].score);
  detector.dispose();
  expect(tf.memory().numTensors).toBe(before);
  await expect(Detector.load(at('own'))).rejects.toThrow(/custom and the option backbone need each other/);
  await expect(evaluate(config, { backbone })).rejects.toThrow(/got resnet18 and the option/);
  await expect(
    adapt({ ...own, features: { backbone: 'custom', weights: 'imagenet' } }, { backbone }),
  ).rejects.toThrow(/no imagenet weights of custom; give random/);
});
