import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImage, type Pixels } from '@ddad/datasets';
import { assignVariables, readVariables } from '@ddad/nn';
import { goldenState, relativeError, uniform } from '@ddad/testing';
import { readSafetensors, readTorch, type StateDict, writeTorch } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import ort from 'onnxruntime-node';
import { beforeAll, expect, test } from 'vitest';
import { adapt } from './adapt.js';
import { calibrateDetector } from './calibrate-detector.js';
import { loadBackbone, loadUNet } from './checkpoint/assemble.js';
import type { ConfigInput } from './config/schema.js';
import { detectFiles } from './detect-files.js';
import { Detector } from './detector.js';
import { startEngine } from './engine.js';
import { evaluate } from './evaluate.js';
import type { Report } from './evaluation/report.js';
import { exportDetector } from './export-detector.js';
import { InterruptedError } from './interrupted-error.js';
import { run } from './run.js';
import { synthesize } from './synthesize.js';
import { train } from './train.js';
import { UserError } from './user-error.js';

let folder: string;
let config: ConfigInput;
let report: Report;
let leaked: number;

const at = (...parts: string[]) => join(folder, ...parts);
/** Whether two files have the same bytes; `toEqual` would take minutes to say so. */
const areEqual = async (a: string, b: string) => (await readFile(a)).equals(await readFile(b));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ddad-pipeline-'));
  const counts = { train: 10, testGood: 3, testDefect: 4 };
  const made = await synthesize({ out: at('data'), category: 'weave', seed: 3, size: 32, counts });
  config = {
    seed: 5,
    data: { root: made.root, category: 'weave', imageSize: 32 },
    model: { baseChannels: 32, channelMultipliers: [1, 1], attentionResolutions: [16], start: 100, skip: 50 },
    training: { steps: 5, batchSize: 4 },
    adaptation: { epochs: 1, batchSize: 8 },
    scoring: { sigma: 1, batchSize: 4 },
    output: { checkpoints: at('checkpoints'), results: at('results') },
  };
  await startEngine({ engine: 'ort' });
  const before = tf.memory().numTensors;
  report = await run(config);
  leaked = tf.memory().numTensors - before;
}, 120_000);

test('a run leaves what it promises and no tensors', async () => {
  expect(leaked).toBe(0);
  expect((await readdir(at('checkpoints'))).sort()).toEqual([
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
  expect(await readdir(at('results'))).toEqual(
    expect.arrayContaining(['maps', 'metrics.json', 'report.html', 'scores.csv']),
  );
  expect(
    (await readdir(at('results', 'maps'), { recursive: true })).filter((n) => n.endsWith('.png')),
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
  expect((await readFile(at('checkpoints', 'training.csv'), 'utf8')).trim().split('\n')).toHaveLength(6);
  const validation = await readFile(at('checkpoints', 'validation.csv'), 'utf8');
  expect(validation).toMatch(/^step,reconstruction_error\n5,0\.\d+\n$/);
  const page = await readFile(report.files.report!, 'utf8');
  expect(page).toContain('<title>Training loss</title>');
  expect(page).toContain('<title>Reconstruction error, good images</title>');
});

test('a detector scores an image as the evaluation did, given as path, bytes or pixels, alone or among others', async () => {
  const detector = await Detector.load(at('checkpoints'));
  try {
    const paths = report.images.map(({ id }) => at('data', id));
    const together = await detector.detectAll([...paths].reverse());
    for (const [i, { score }] of report.images.entries()) {
      expect(together[paths.length - 1 - i].score).toBe(score);
    }
    const path = paths[4];
    const [byPath, byBytes, byPixels] = [
      await detector.detect(path),
      await detector.detect(await readFile(path)),
      await detector.detect((await loadImage(path)) as Pixels),
    ];
    expect(byBytes).toEqual(byPath);
    expect(byPixels).toEqual(byPath);
    const { score, threshold, isAnomalous, map, regions, reconstruction } = byPath;
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

test('detectFiles looks through a folder and writes overlays', async () => {
  const checkpoint = at('checkpoints');
  const results = await detectFiles(at('data', 'weave', 'test', 'good'), { checkpoint, out: at('overlays') });
  expect(results).toHaveLength(3);
  for (const { overlay } of results) expect((await readFile(overlay!)).subarray(1, 4).toString()).toBe('PNG');
  await writeFile(at('note.png'), 'no image');
  await expect(detectFiles(at('note.png'), { checkpoint })).rejects.toThrow(/note\.png/);
  await expect(detectFiles(at('nowhere'), { checkpoint })).rejects.toThrow(UserError);
  await expect(
    detectFiles(at('results', 'maps'), { checkpoint, out: at('results', 'maps') }),
  ).rejects.toThrow(/--out/);
});

test('an interrupted training that is resumed ends as if it had never stopped', async () => {
  const parted = { ...config, output: { ...config.output, checkpoints: at('parted') } };
  const controller = new AbortController();
  await expect(
    train(parted, {
      signal: controller.signal,
      onProgress: ({ phase, done }) => phase === 'train' && done === 3 && controller.abort(),
    }),
  ).rejects.toThrow(InterruptedError);
  const resumed = await train(parted, { resume: true });
  expect(resumed).toMatchObject({ steps: 5, epoch: 2 });
  expect(await areEqual(at('parted', 'unet-2.safetensors'), at('checkpoints', 'unet-2.safetensors'))).toBe(
    true,
  );
  expect(await readFile(at('parted', 'training.csv'), 'utf8')).toBe(
    await readFile(at('checkpoints', 'training.csv'), 'utf8'),
  );

  const finished = await train(parted, { resume: true });
  expect(finished.checkpoint).toBe(at('parted', 'unet-2.safetensors'));
  await expect(train({ ...parted, seed: 6 }, { resume: true })).rejects.toThrow(/has other settings/);
  await expect(train({ ...parted, training: { steps: 4, batchSize: 4 } }, { resume: true })).rejects.toThrow(
    /has other settings/, // its cosine is another one
  );

  const notices: string[] = [];
  const fresh = { ...parted, output: { checkpoints: at('fresh') } };
  await train(fresh, { resume: true, onNotice: (notice) => notices.push(notice) });
  expect(notices).toContainEqual(
    expect.stringMatching(/^nothing to resume in .*fresh: training from the beginning/),
  );
  expect(await areEqual(at('fresh', 'unet-2.safetensors'), at('checkpoints', 'unet-2.safetensors'))).toBe(
    true,
  );
}, 60_000);

test('an interrupted adaptation that is resumed ends as if it had never stopped', async () => {
  await cp(at('checkpoints'), at('adapted'), { recursive: true });
  const longer = {
    ...config,
    adaptation: { epochs: 3, batchSize: 4 },
    output: { checkpoints: at('adapted') },
  };
  await adapt(longer);
  await cp(at('checkpoints'), at('adapted-parts'), { recursive: true });
  const parts = { ...longer, output: { checkpoints: at('adapted-parts') } };
  const controller = new AbortController();
  await expect(
    adapt(parts, {
      signal: controller.signal,
      onProgress: ({ phase, done }) => phase === 'adapt' && done === 3 && controller.abort(),
    }),
  ).rejects.toThrow(/interrupted after 1 of 3 adaptation epochs; continue with --resume/);
  await rm(at('adapted-parts', 'features-1.safetensors')); // not what it goes on from
  const steps: number[] = [];
  await adapt(parts, {
    resume: true,
    onProgress: ({ phase, done }) => phase === 'adapt' && steps.push(done),
  });
  expect(steps).toEqual([3, 4, 5, 6]);
  const file = 'features-3.safetensors';
  expect(await areEqual(at('adapted-parts', file), at('adapted', file))).toBe(true);

  const other = { ...parts, adaptation: { ...parts.adaptation, lambda: 0.5 } };
  await expect(adapt(other, { resume: true })).rejects.toThrow(/adaptation saved in .* has other settings/);
  const shorter = { ...parts, adaptation: { ...parts.adaptation, epochs: 2 } };
  await expect(adapt(shorter, { resume: true })).rejects.toThrow(/at epoch 3, beyond adaptation.epochs 2/);
}, 60_000);

test('a training stops early and leaves the weights with the lowest error on good images', async () => {
  const early: ConfigInput = {
    ...config,
    training: {
      epochs: 30,
      batchSize: 10,
      learningRate: 0.05, // far too high: it gets worse
      learningRateSchedule: 'constant',
      warmupSteps: 2,
      clipNorm: 1e4,
      ema: 0.5,
      microBatchSize: 4,
      validateEvery: 1,
      patience: 2,
    },
    output: { checkpoints: at('early') },
  };
  const result = await train(early);
  expect(result.stoppedEarly).toBe(true);
  expect(result.checkpoint).toBe(at('early', `unet-${result.best!.epoch}.safetensors`));
  const rows = (await readFile(at('early', 'validation.csv'), 'utf8')).trim().split('\n').slice(1);
  const errors = rows.map((row) => Number(row.split(',')[1]));
  expect(errors).toHaveLength(result.epoch);
  expect(result.best!.epoch).toBe(result.epoch - 2);
  expect(Math.min(...errors)).toBe(result.best!.error);
  expect(errors[result.best!.epoch - 1]).toBe(result.best!.error);
  await adapt({ ...early, adaptation: { epochs: 0 } });
  const manifest = JSON.parse(await readFile(at('early', 'detector.json'), 'utf8'));
  expect(manifest.unet.epoch).toBe(result.best!.epoch);
  await expect(train({ ...early, training: { ...early.training, validateEvery: null } })).rejects.toThrow(
    /training.patience: needs training.validateEvery/,
  );
}, 60_000);

test('a shorter training in the same folder is the one that is used afterwards', async () => {
  await cp(at('checkpoints'), at('again'), { recursive: true });
  const again = { ...config, output: { ...config.output, checkpoints: at('again') } };
  const short = {
    ...again,
    training: { ...config.training, steps: 2 },
    adaptation: { ...config.adaptation, epochs: 0 },
  };
  await train(short);
  const { checkpoint } = await adapt(short);
  expect(checkpoint).toBe(at('again', 'features-0.safetensors'));
  const manifest = JSON.parse(await readFile(at('again', 'detector.json'), 'utf8'));
  expect(manifest).toMatchObject({
    unet: { file: 'unet-1.safetensors' },
    features: { file: 'features-0.safetensors' },
  });
  const { config: evaluated } = await evaluate({
    ...short,
    output: { ...short.output, results: at('again-results') },
  });
  expect(evaluated.checkpoint.features).toBe('last');
  const after = JSON.parse(await readFile(at('again', 'detector.json'), 'utf8'));
  expect(after.features).toEqual(manifest.features);
  // what the longer run left is still there
  expect(await readdir(at('again'))).toEqual(
    expect.arrayContaining(['unet-2.safetensors', 'features-1.safetensors']),
  );
}, 60_000);

test('what is exported is read by others, and read back from the names the reference gives', async () => {
  const checkpoint = at('checkpoints');
  const notices: string[] = [];
  const { files, absent } = await exportDetector(checkpoint, {
    out: at('exported'),
    formats: ['torch', 'reference', 'safetensors', 'onnx'],
    batchSize: 2,
    onNotice: (notice) => notices.push(notice),
  });
  expect(files.map((file) => file.slice(at('exported').length + 1)).sort()).toEqual([
    '2',
    'feat1',
    'features-1.pth',
    'features-1.safetensors',
    'features.onnx',
    'unet-2.pth',
    'unet-2.safetensors',
    'unet.onnx',
  ]);
  expect(absent).toHaveLength(32);
  expect(notices).toContainEqual(
    expect.stringMatching(/no layer4 and fc \(32 tensors absent, layer4\.0\.conv1/),
  );
  const trained = readSafetensors(await readFile(at('checkpoints', 'unet-2.safetensors')));
  const torch = readTorch(await readFile(at('exported', '2')));
  expect([...torch.keys()]).toEqual([...trained.keys()].map((key) => `module.${key}`));
  expect(torch.get('module.out.2.weight')).toEqual(trained.get('out.2.weight'));

  // plain ONNX Runtime against the networks here
  const manifest = JSON.parse(await readFile(at('checkpoints', 'detector.json'), 'utf8'));
  const { network: unet } = await loadUNet(checkpoint, manifest.config);
  const { network: backbone } = await loadBackbone(checkpoint, manifest.config);
  const shape = [2, 32, 32, 3] as [number, number, number, number];
  const values = uniform('x', shape);
  const x = tf.tensor4d(values, shape);
  const input = { x: new ort.Tensor('float32', values, shape) };
  const t = { t: new ort.Tensor('float32', Float32Array.of(3, 90), [2]) };
  const expected = {
    noise: unet.forward(x, [3, 90]),
    ...Object.fromEntries(backbone.features(x).map((f, i) => [`layer${i + 1}`, f])),
  };
  const actual: Record<string, ort.Tensor> = {};
  for (const [name, feeds] of [
    ['unet', { ...input, ...t }],
    ['features', input],
  ] as const) {
    const session = await ort.InferenceSession.create(at('exported', `${name}.onnx`));
    Object.assign(actual, await session.run(feeds));
    await session.release();
  }
  expect(Object.keys(actual)).toEqual(['noise', 'layer1', 'layer2', 'layer3']);
  for (const [name, tensor] of Object.entries(expected)) {
    expect(actual[name].dims).toEqual(tensor.shape);
    expect(
      relativeError(actual[name].data as Float32Array, (await tensor.data()) as Float32Array),
    ).toBeLessThan(1e-5);
    tensor.dispose();
  }
  x.dispose();
  unet.dispose();
  backbone.dispose!();

  // a folder as the reference leaves it
  for (const name of ['2', 'feat1']) await cp(at('exported', name), at('reference-folder', name));
  const again = await evaluate({
    ...config,
    checkpoint: { unet: 2, features: 1 },
    output: { checkpoints: at('reference-folder'), results: at('reference-folder-results') },
  });
  expect(again.images.map(({ score }) => score)).toEqual(report.images.map(({ score }) => score));
  const detector = await Detector.load(at('reference-folder'));
  expect(detector.threshold).toBe(again.threshold);
  detector.dispose();
  // epoch 0 is the pretrained extractor, which the reference does not write
  await evaluate({
    ...config,
    checkpoint: { unet: 2, features: 0 },
    output: { checkpoints: at('reference-folder'), results: at('reference-folder-results') },
  });
  expect(
    await areEqual(
      at('reference-folder', 'features-0.safetensors'),
      at('checkpoints', 'features-0.safetensors'),
    ),
  ).toBe(true);

  await expect(exportDetector(checkpoint, { out: at('exported'), formats: ['tflite'] })).rejects.toThrow(
    '--format: needs some of torch, reference, safetensors, onnx, got tflite',
  );
  await cp(at('exported', 'feat1'), at('reference-folder', '7'));
  await expect(
    evaluate({
      ...config,
      checkpoint: { unet: 7, features: 1 },
      output: { checkpoints: at('reference-folder') },
    }),
  ).rejects.toThrow(
    /reference-folder.7: UNet.loadStateDict: .* \d+ missing \(time_embedding.* unexpected \(conv1.weight/,
  );
}, 60_000);

test("torchvision's layer4 and fc come back out", async () => {
  const full = goldenState('resnet18');
  await writeFile(at('resnet18.pth'), writeTorch(full));
  const carrying: ConfigInput = {
    ...config,
    features: { weights: at('resnet18.pth') },
    adaptation: { epochs: 0 },
    output: { checkpoints: at('carrying'), results: at('carrying-results') },
  };
  await cp(at('checkpoints', 'unet-2.safetensors'), at('carrying', 'unet-2.safetensors'));
  await adapt(carrying);
  const { absent } = await exportDetector(at('carrying'), { out: at('carried'), formats: ['reference'] });
  expect(absent).toEqual([]);
  const exported = readTorch(await readFile(at('carried', 'feat0')));
  expect([...exported.keys()]).toEqual([...full.keys()].map((key) => `module.${key}`));
  expect(exported.get('module.fc.bias')).toEqual(full.get('fc.bias'));

  // seven blocks more, of twelve tensors each
  const other: ConfigInput = { ...carrying, features: { backbone: 'resnet34', weights: at('resnet18.pth') } };
  await expect(adapt(other)).rejects.toThrow(
    /resnet18\.pth has no weights of resnet34 .*: 84 missing \(layer1\.2\.conv1\.weight, .* and 80 more\)/,
  );
}, 60_000);

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
    output: { checkpoints: at('own'), results: at('own-results') },
  };
  const before = tf.memory().numTensors;
  const result = await run(own, { backbone });
  const detector = await Detector.load(at('own'), { backbone });
  expect((await detector.detect(at('data', result.images[0].id))).score).toBe(result.images[0].score);
  detector.dispose();
  expect(tf.memory().numTensors).toBe(before);
  await expect(Detector.load(at('own'))).rejects.toThrow(/custom and the option backbone need each other/);
  await expect(evaluate(config, { backbone })).rejects.toThrow(/got resnet18 and the option/);
  await expect(
    adapt({ ...own, features: { backbone: 'custom', weights: 'imagenet' } }, { backbone }),
  ).rejects.toThrow(/no imagenet weights of a custom backbone/);
}, 60_000);

test.each(['few-step', 'one-step'] as const)(
  'a %s reconstruction evaluates, detects and adapts',
  async (reconstruction) => {
    const folder = at(reconstruction);
    await cp(at('checkpoints'), folder, { recursive: true });
    const fast: ConfigInput = {
      ...config,
      model: { ...config.model, reconstruction },
      output: { checkpoints: folder, results: at(`${reconstruction}-results`) },
    };
    const result = await evaluate(fast);
    expect(result.images.map(({ score }) => score)).not.toEqual(report.images.map(({ score }) => score));
    const detector = await Detector.load(folder);
    const [image] = result.images;
    expect((await detector.detect(at('data', image.id))).score).toBe(image.score);
    detector.dispose();
    await adapt(fast);
  },
  60_000,
);

test('calibration can be repeated for another rate and on other images', async () => {
  await cp(at('checkpoints'), at('calibrated'), { recursive: true });
  const strict = await calibrateDetector(at('calibrated'), { falseAlarmRate: 0.001 });
  const lax = await calibrateDetector(at('calibrated'), { falseAlarmRate: 0.3 });
  expect(strict.method).toBe('log-normal');
  expect(lax.method).toBe('quantile');
  expect(strict.threshold).toBeGreaterThan(lax.threshold);
  const own = await calibrateDetector(at('calibrated'), { images: at('data', 'weave', 'test', 'good') });
  expect(own.n).toBe(3);
  const detector = await Detector.load(at('calibrated'));
  expect(detector.threshold).toBe(own.threshold);
  detector.dispose();
}, 60_000);

test('checkpoints of another architecture, missing ones and altered ones are named', async () => {
  const wide = { ...config, model: { ...config.model, baseChannels: 64 } };
  await expect(evaluate(wide)).rejects.toThrow(
    /unet-2\.safetensors is a checkpoint of another architecture: baseChannels is 32 there and 64 here/,
  );
  await expect(evaluate(wide)).rejects.toThrow(UserError);
  await expect(evaluate({ ...config, features: { backbone: 'resnet34' } })).rejects.toThrow(
    /backbone is "resnet18" there/,
  );
  await expect(evaluate({ ...config, checkpoint: { unet: 7 } })).rejects.toThrow(
    /needs one of the epochs in .* \(2\), got 7/,
  );
  await expect(adapt({ ...config, output: { checkpoints: at('empty') } })).rejects.toThrow(
    /run `ddad train` first/,
  );
  await expect(Detector.load(at('empty'))).rejects.toThrow(/no trained detector/);

  await cp(at('checkpoints'), at('altered'), { recursive: true });
  const bytes = await readFile(at('altered', 'unet-2.safetensors'));
  bytes[bytes.length - 1] ^= 1;
  await writeFile(at('altered', 'unet-2.safetensors'), bytes);
  await expect(Detector.load(at('altered'))).rejects.toThrow(/sha256 differs/);
  await writeFile(at('altered', 'detector.json'), '{"format":"ddad-detector","version":9}');
  await expect(Detector.load(at('altered'))).rejects.toThrow(/needs version 1, got 9/);
  await writeFile(at('altered', 'state.safetensors'), bytes.subarray(0, 100));
  const altered = { ...config, output: { checkpoints: at('altered') } };
  await expect(train(altered, { resume: true })).rejects.toThrow(/state\.safetensors is damaged/);
});

test('a folder without labels or masks is scored, and what cannot be measured is said', async () => {
  await cp(at('data', 'weave', 'train', 'good'), at('photos', 'good'), { recursive: true });
  await cp(at('data', 'weave', 'test', 'good'), at('photos', 'test'), { recursive: true });
  const photos: ConfigInput = {
    ...config,
    data: { kind: 'folder', root: at('photos'), imageSize: 32 },
    training: { steps: 1, batchSize: 4 },
    adaptation: { epochs: 0 },
    output: { checkpoints: at('photos-checkpoints'), results: at('photos-results') },
  };
  const notices: string[] = [];
  const result = await run(photos, { onNotice: (message) => notices.push(message) });
  expect(result.metrics).toEqual({});
  expect(result.notReported).toHaveLength(2);
  expect(result.confusion).toBeUndefined();
  expect(result.images).toHaveLength(3);
  expect(notices.some((n) => n.includes('calibrating with all 10 training images'))).toBe(true);

  await rm(at('photos', 'test'), { recursive: true });
  await expect(evaluate(photos)).rejects.toThrow(/no test images in .*use `ddad detect`/);
}, 60_000);

test('the reference preset scores batches, crops, and takes its threshold from the labels', async () => {
  const reference: ConfigInput = {
    ...config,
    preset: 'reference',
    training: { steps: 1, batchSize: 4 },
    features: { backbone: 'resnet18', weights: 'random' },
    adaptation: { epochs: 0 },
    output: { checkpoints: at('reference'), results: at('reference-results') },
  };
  const result = await run(reference);
  expect(result.thresholdFrom).toBe('youden');
  expect(result.config.scoring).toMatchObject({ normalization: 'batch', crop: 0.875 });
  expect(result.metrics.referencePro === undefined).toBe(result.notReported.length > 0);
  const detector = await Detector.load(at('reference'));
  expect((await detector.detect(at('data', result.images[0].id))).threshold).toBe(result.threshold);
  detector.dispose();
}, 60_000);

test('gray images train, adapt and score', async () => {
  const gray: ConfigInput = {
    ...config,
    data: { ...config.data, channels: 1 },
    training: { steps: 1, batchSize: 4 },
    output: { checkpoints: at('gray'), results: at('gray-results') },
  };
  const result = await run(gray);
  expect(result.metrics.imageAuroc).toBeGreaterThanOrEqual(0);
}, 60_000);
