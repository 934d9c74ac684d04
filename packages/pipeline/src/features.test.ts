import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { Detector } from '@ddad/detector';
import { efficientNetLite0, embeddedFile, resnet18 } from '@ddad/features';
import { pretrainedFile, writeTorch } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { zipSync } from 'fflate';
import { afterEach, expect, test, vi } from 'vitest';
import { useTrained } from '../testing/trained.js';
import { adapt } from './adapt.js';
import type { ConfigInput } from './config/schema.js';
import { evaluate } from './evaluate.js';
import { finishedRun } from './finished-run.js';
import { run } from './run.js';

const { at, config, output, copy } = useTrained();
afterEach(() => vi.unstubAllEnvs());

const manifestOf = async (name: string) => JSON.parse(await readFile(at(name, 'detector.json'), 'utf8'));
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('a wheel brings EfficientNet-Lite0, which is adapted and recorded', async () => {
  await mkdir(at('.'), { recursive: true });
  const extractor = efficientNetLite0();
  const name = 'tiny-1.0-py3-none-any.whl';
  const wheel = zipSync({
    'tiny/model.pth': writeTorch(await extractor.stateDict()),
    'tiny-1.0.dist-info/WHEEL': new TextEncoder().encode('Wheel-Version: 1.0\n'),
  });
  extractor.dispose();
  await writeFile(at(name), wheel);
  const notices: string[] = [];
  const before = tf.memory().numTensors;
  const own: ConfigInput = {
    ...config,
    preset: 'small',
    features: { weights: at(name) },
    output: output('wheel'),
  };
  const report = await run(own, { onNotice: (notice) => notices.push(notice) });
  expect(tf.memory().numTensors).toBe(before);
  expect(notices.filter((notice) => notice.startsWith('features:'))).toEqual([
    `features: ${at(name)} has weights of efficientnet_lite0, which takes the place of resnet18`,
  ]);
  const manifest = await manifestOf('wheel');
  expect(manifest.config.features).toMatchObject({ backbone: 'efficientnet_lite0', weights: at(name) });
  expect(manifest.features).toMatchObject({
    epoch: 1,
    pretrained: {
      backbone: 'efficientnet_lite0',
      layers: ['_blocks.4', '_blocks.10'],
      origin: 'file',
      file: name,
      sha256: hash(wheel),
    },
  });
  expect((await finishedRun(own))?.threshold).toBe(report.threshold);
  const again = await evaluate(own);
  expect(again.images).toEqual(report.images);
  const detector = await Detector.load(at('wheel'));
  detector.dispose();
});

test('auto says what it took, an evaluation keeps it, and another adaptation takes what has come', async () => {
  await copy('auto');
  await mkdir(at('cache'), { recursive: true });
  vi.stubEnv('DDAD_CACHE', at('cache'));
  vi.stubEnv('TORCH_HOME', at('cache'));
  const own: ConfigInput = {
    ...config,
    features: { weights: 'auto', layers: ['layer2', 'layer3'] },
    adaptation: { ...config.adaptation, epochs: 0 },
    output: output('auto'),
  };
  const notices: string[] = [];
  const onNotice = (notice: string) => notice.startsWith('features:') && notices.push(notice);
  await adapt(own, { onNotice });
  expect(notices).toEqual([
    expect.stringMatching(/^features: those of the embedded network, since there are/),
  ]);
  const first = await manifestOf('auto');
  expect(first.config.features).toMatchObject({ backbone: 'embedded', weights: 'embedded' });
  expect(first.features.pretrained).toEqual({
    backbone: 'embedded',
    layers: ['layer2', 'layer3'],
    origin: 'embedded',
    file: null,
    sha256: hash(await embeddedFile()),
  });

  const { file } = pretrainedFile('resnet18');
  const extractor = resnet18({ seed: 9 });
  const weights = writeTorch(await extractor.stateDict());
  extractor.dispose();
  await writeFile(at('cache', file), weights);
  notices.length = 0;
  await evaluate(own, { onNotice });
  expect(notices).toEqual([]);
  expect((await manifestOf('auto')).features).toEqual(first.features);

  await adapt(own, { onNotice });
  expect(notices).toEqual([`features: ImageNet weights of resnet18 (${at('cache', file)})`]);
  const taken = await manifestOf('auto');
  expect(taken.config.features.weights).toBe('imagenet');
  expect(taken.features.pretrained).toMatchObject({ origin: 'imagenet', file, sha256: hash(weights) });
});
