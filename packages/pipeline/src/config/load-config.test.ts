import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@ddad/detector';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadConfig } from './load-config.js';
import type { ConfigInput } from './schema.js';

const referenceYaml = `data :
  name: MVTec #MVTec #MTD #VisA_pytorch
  data_dir: datasets/MVTec
  category: hazelnut
  image_size: 256
  batch_size: 32
  DA_batch_size: 16
  test_batch_size: 16
  mask : True
  input_channel : 3

model:
  DDADS: False
  checkpoint_dir: checkpoints/MVTec
  checkpoint_name: weights
  exp_name: default
  feature_extractor: wide_resnet101_2
  learning_rate: 3e-4
  weight_decay: 0.05
  epochs: 3000
  load_chp : 2000
  DA_epochs: 4
  DA_chp: 4
  v : 1
  w : 4
  w_DA : 3
  DLlambda : 0.1
  trajectory_steps: 1000
  test_trajectoy_steps: 250
  test_trajectoy_steps_DA: 250
  skip : 25
  skip_DA : 25
  eta : 1
  beta_start : 0.0001
  beta_end : 0.02
  device: 'cuda'
  save_model: True
  num_workers : 2
  seed : 42

metrics:
  auroc: True
  pro: True
  misclassifications: True
  visualisation: True
`;

function file(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'ddad-config-')), 'config.yaml');
  writeFileSync(path, text);
  return path;
}

const hazelnut = { data: { root: 'datasets/MVTec', category: 'hazelnut' } };

test('the reference file loads as it is and implies its preset', () => {
  const notices: string[] = [];
  const config = loadConfig(file(referenceYaml), { onNotice: (m) => notices.push(m) });
  expect(config).toMatchObject({
    preset: 'reference',
    seed: 42,
    engine: 'auto',
    data: { kind: 'mvtec', name: 'MVTec', root: 'datasets/MVTec', category: 'hazelnut', imageSize: 256 },
    model: { baseChannels: 64, heads: 4, dropout: 0, w: 4, v: 1, start: 250, skip: 25, eta: 1, steps: 1000 },
    training: {
      epochs: 3000,
      steps: null,
      batchSize: 32,
      learningRate: 3e-4,
      weightDecay: 0.05,
      saveEvery: 250,
    },
    features: { backbone: 'wide_resnet101_2', weights: 'imagenet' },
    adaptation: { epochs: 4, batchSize: 16, w: 3, lambda: 0.1 },
    checkpoint: { unet: 2000, features: 4 },
    scoring: { normalization: 'batch', crop: 0.875, threshold: 'youden', referencePro: true, batchSize: 16 },
    output: { checkpoints: 'checkpoints/MVTec/{category}', report: true },
  });
  expect(config.data.maskResize).toBe('bilinear');
  const unread = notices.filter((n) => n.includes('without effect'));
  expect(unread).toHaveLength(1);
  for (const key of ['checkpoint_name', 'exp_name', 'test_trajectoy_steps_DA', 'skip_DA']) {
    expect(unread[0]).toContain(key);
  }
  expect(unread[0]).not.toContain('seed');
  expect(notices.some((n) => n.includes('device: cuda'))).toBe(true);
});

test('booleans and numbers of the reference may be strings, DDADS picks the small model', () => {
  const config = loadConfig({
    data: { name: 'VisA_pytorch', data_dir: 'x', category: 'pcb1', input_channel: '1' },
    model: { DDADS: 'True', learning_rate: '3e-4', device: 'cpu' },
  });
  expect(config.model).toMatchObject({ baseChannels: 32, heads: 2, dropout: 0.3 });
  expect(config.training.learningRate).toBe(3e-4);
  expect(config.data).toMatchObject({ kind: 'visa', channels: 1 });
  expect(config.engine).toBe('ort');
});

test('reference keys can be overridden by their own names and by ours', () => {
  const config = loadConfig(file(referenceYaml), {
    overrides: ['data.image_size=64', 'model.w=7', 'features.weights=r18.pth', 'model.epochs=3'],
  });
  expect(config.data.imageSize).toBe(64);
  expect(config.model.w).toBe(7);
  expect(config.features.weights).toBe('r18.pth');
  expect(config.training.epochs).toBe(3);
  expect(config.checkpoint.unet).toBe('last');
});

test('layers must be the extractor’s, finest first', () => {
  const features = (layers: string[], backbone = 'resnet18') =>
    loadConfig({ ...hazelnut, features: { backbone, layers } } as never).features;
  expect(features(['layer2', 'layer4']).layers).toEqual(['layer2', 'layer4']);
  expect(() => features(['layer3', 'layer2'])).toThrow(
    'config: features.layers: resnet18: needs layers of layer1, layer2, layer3, layer4, each once and in this order, ' +
      'got layer3, layer2',
  );
  expect(() => features(['conv1'])).toThrow(/got conv1/);
  expect(() => features([])).toThrow(/features\.layers/);
  expect(() => features(['layer1'], 'custom')).toThrow(/a custom backbone chooses its layers itself/);
});

test.each([
  [{ ...hazelnut, model: { basechannels: 32 } }, "'model.basechannels'", "'model.baseChannels'"],
  [{ ...hazelnut, model: { epochs: 3 } }, "'model.epochs'", "'training.epochs'"],
  [{ ...hazelnut, trainign: { epochs: 3 } }, "'trainign'", "'training'"],
  [
    parse(referenceYaml.replace('test_trajectoy_steps:', 'test_trajectory_steps:')),
    "'model.test_trajectory_steps'",
    "'model.test_trajectoy_steps'",
  ],
  [parse(referenceYaml.replace('image_size', 'imagesize')), "'data.imagesize'", "'data.image_size'"],
])('an unknown key is named with the nearest known one %#', (input, key, near) => {
  expect(() => loadConfig(input)).toThrow(UserError);
  expect(() => loadConfig(input)).toThrow(`unknown key ${key}; the nearest known one is ${near}`);
});

test('a resolved configuration is valid input and comes back unchanged, also through YAML', () => {
  for (const preset of ['auto', 'small', 'ddad', 'ddad-s', 'reference'] as const) {
    const config = loadConfig({ ...hazelnut, preset });
    expect(loadConfig(config)).toEqual(config);
    expect(loadConfig(file(stringify(config)))).toEqual(config);
  }
  const reference = loadConfig(file(referenceYaml));
  expect(loadConfig(reference)).toEqual(reference);
});

// method.md, per-category settings
test.each([
  ['mvtec', 'hazelnut', { w: 5, v: 1 }, 2000, 3, 0.1],
  ['mvtec', 'zipper', { w: 10, v: 1 }, 1000, 6, 0.1],
  ['visa', 'cashew', { w: 0, v: 1.5 }, 1750, 0, 0.01],
  ['visa', 'macaroni2', { w: 2, v: 7 }, 500, 11, 0.01],
] as const)('the paper presets take the settings of %s %s', (kind, category, model, epochs, da, lambda) => {
  const config = loadConfig({ preset: 'ddad', data: { kind, root: 'x', category } });
  expect(config.model).toMatchObject(model);
  expect(config.training.epochs).toBe(epochs);
  expect(config.adaptation).toMatchObject({ epochs: da, lambda });
  const given = loadConfig({ preset: 'ddad', data: { kind, root: 'x', category }, model: { w: 1.5 } });
  expect(given.model.w).toBe(1.5);
});

test('giving epochs drops the preset steps', () => {
  expect(loadConfig({ ...hazelnut, training: { epochs: 5 } }).training).toMatchObject({
    epochs: 5,
    steps: null,
  });
  expect(loadConfig({ ...hazelnut }, { overrides: ['training.epochs=5'] }).training.steps).toBeNull();
  expect(loadConfig({ ...hazelnut, preset: 'ddad', training: { steps: 5 } }).training.epochs).toBeNull();
});

test('a budget leaves the most steps that the preset has within one, steps alone have no budget', () => {
  const lengths = (training: ConfigInput['training'], preset: ConfigInput['preset'] = 'auto') => {
    const { epochs, steps, budget } = loadConfig({ ...hazelnut, preset, training }).training;
    return { epochs, steps, budget };
  };
  expect(lengths({})).toEqual({ epochs: null, steps: 1200, budget: 600 });
  expect(lengths({ budget: 60 })).toEqual({ epochs: null, steps: 1200, budget: 60 });
  expect(lengths({ budget: 60, steps: 5 })).toEqual({ epochs: null, steps: 5, budget: 60 });
  expect(lengths({ budget: 60, steps: null })).toEqual({ epochs: null, steps: null, budget: 60 });
  expect(lengths({ steps: 5 })).toEqual({ epochs: null, steps: 5, budget: null });
  expect(lengths({ epochs: 5 })).toEqual({ epochs: 5, steps: null, budget: null });
  expect(lengths({ budget: 60 }, 'small')).toEqual({ epochs: null, steps: null, budget: 60 });
  expect(() => lengths({ budget: 60, epochs: 5 })).toThrow(
    /got epochs and budget; steps and budget together/,
  );
});

test('the small preset trains on the time steps its reconstruction visits', () => {
  expect(loadConfig({ ...hazelnut, model: { start: 400 } }).training.maxTimestep).toBe(400);
  expect(loadConfig({ ...hazelnut, preset: 'ddad', model: { start: 400 } }).training.maxTimestep).toBeNull();
});

test.each([
  [{ data: { category: 'x' } }, 'data.root: needs the folder of the data set'],
  [{ data: { root: 'x' } }, 'data.root: there is no folder x'],
  [{ ...hazelnut, preset: 'big' }, "preset: needs one of auto, small, ddad, ddad-s, reference, got 'big'"],
  [{ ...hazelnut, model: { w: -1 } }, 'model.w:'],
  [{ ...hazelnut, model: { w: 'much' } }, 'model.w:'],
  [{ ...hazelnut, model: 4 }, 'model: needs a section of keys, got 4'],
  [
    { ...hazelnut, training: { epochs: 5, steps: 5 } },
    'needs one of epochs, steps, budget, got epochs and steps',
  ],
  [{ ...hazelnut, model: { start: 2000 } }, 'model.start: needs less than'],
  [{ ...hazelnut, training: { maxTimestep: 100 } }, 'training.maxTimestep: needs model.start (250)'],
  [{ ...hazelnut, data: { ...hazelnut.data, imageSize: 64.5 } }, 'data.imageSize:'],
  [{ ...hazelnut, engine: 'gpu' }, 'engine:'],
])('a wrong value is one line that names the key %#', (input, message) => {
  expect(() => loadConfig(input as never)).toThrow(message);
  try {
    loadConfig(input as never);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).not.toContain('\n');
  }
});

test('files that cannot be read or are not YAML, and malformed overrides, are user errors', () => {
  expect(() => loadConfig('no/such/config.yaml')).toThrow(/cannot read no\/such\/config.yaml \(ENOENT\)/);
  expect(() => loadConfig(file('a: [1'))).toThrow(/not YAML/);
  expect(() => loadConfig(file('- 1\n- 2\n'))).toThrow(/needs keys/);
  expect(() => loadConfig(file(''))).toThrow(/needs keys/);
  expect(() => loadConfig(hazelnut, { overrides: ['model.w'] })).toThrow(/option overrides: needs key=value/);
  expect(() => loadConfig(hazelnut, { overrides: ['=4'] })).toThrow(/option overrides: needs key=value/);
  expect(() => loadConfig(hazelnut, { overrides: ['__proto__.polluted=4'] })).toThrow(UserError);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
