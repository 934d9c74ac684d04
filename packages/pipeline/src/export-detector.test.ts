import { cp, readFile, writeFile } from 'node:fs/promises';
import { Detector } from '@ddad/detector';
import { goldenState, relativeError, uniform } from '@ddad/testing';
import { readSafetensors, readTorch, writeTorch } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { areEqual, useTrained } from '../testing/trained.js';
import { adapt } from './adapt.js';
import { calibrateDetector } from './calibrate-detector.js';
import { loadBackbone, loadUNet } from './checkpoint/load-networks.js';
import type { ConfigInput } from './config/schema.js';
import { detectorConfig } from './detector-config.js';
import { evaluate } from './evaluate.js';
import { exportDetector } from './export-detector.js';

const { at, config, report, trained } = useTrained();

test('what is exported is read by others, and read back from the names the reference gives', async () => {
  const checkpoint = trained('checkpoints');
  const notices: string[] = [];
  const { files, absent } = await exportDetector(checkpoint, {
    out: at('exported'),
    formats: ['torch', 'reference', 'safetensors', 'onnx'],
    onNotice: (notice) => notices.push(notice),
  });
  expect(files.map((file) => file.slice(at('exported').length + 1)).sort()).toEqual([
    '2',
    'detector.onnx',
    'feat1',
    'features-1.pth',
    'features-1.safetensors',
    'features.onnx',
    'test-vectors.safetensors',
    'unet-2.pth',
    'unet-2.safetensors',
    'unet.onnx',
  ]);
  expect(absent).toHaveLength(32);
  expect(notices).toContainEqual(
    expect.stringMatching(/no layer4 and fc \(32 tensors absent, layer4\.0\.conv1/),
  );
  const weights = readSafetensors(await readFile(trained('checkpoints', 'unet-2.safetensors')));
  const torch = readTorch(await readFile(at('exported', '2')));
  expect([...torch.keys()]).toEqual([...weights.keys()].map((key) => `module.${key}`));
  expect(torch.get('module.out.2.weight')).toEqual(weights.get('out.2.weight'));

  // plain ONNX Runtime against the networks here
  const manifest = JSON.parse(await readFile(trained('checkpoints', 'detector.json'), 'utf8'));
  const { unet } = await loadUNet(checkpoint, manifest.config);
  const { backbone } = await loadBackbone(checkpoint, manifest.config);
  const sessions = await Promise.all(
    ['unet', 'features'].map((name) => ort.InferenceSession.create(at('exported', `${name}.onnx`))),
  );
  for (const n of [1, 2, 3, 5]) {
    const shape = [n, 32, 32, 3] as [number, number, number, number];
    const values = uniform(`x${n}`, shape);
    const steps = [3, 90, 0, 51, 99].slice(0, n);
    const x = tf.tensor4d(values, shape);
    const input = { x: new ort.Tensor('float32', values, shape) };
    const t = { t: new ort.Tensor('float32', Float32Array.from(steps), [n]) };
    const expected = {
      noise: unet.forward(x, steps),
      ...Object.fromEntries(backbone.features(x).map((f, i) => [`layer${i + 1}`, f])),
    };
    const actual = { ...(await sessions[0].run({ ...input, ...t })), ...(await sessions[1].run(input)) };
    expect(Object.keys(actual)).toEqual(['noise', 'layer1', 'layer2', 'layer3']);
    for (const [name, tensor] of Object.entries(expected)) {
      expect(actual[name].dims).toEqual(tensor.shape);
      expect(
        relativeError(actual[name].data as Float32Array, (await tensor.data()) as Float32Array),
      ).toBeLessThan(1e-5);
      tensor.dispose();
    }
    x.dispose();
  }
  for (const session of sessions) await session.release();
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
      trained('checkpoints', 'features-0.safetensors'),
    ),
  ).toBe(true);

  await expect(exportDetector(checkpoint, { out: at('exported'), formats: ['tflite'] })).rejects.toThrow(
    'option formats: needs some of torch, reference, safetensors, onnx, got tflite',
  );
  await cp(at('exported', 'feat1'), at('reference-folder', '7'));
  await expect(
    evaluate({
      ...config,
      checkpoint: { unet: 7, features: 1 },
      output: { checkpoints: at('reference-folder'), results: at('reference-folder-results') },
    }),
  ).rejects.toThrow(
    /reference-folder.7: UNet.loadStateDict: .* \d+ missing \(time_embedding.* unexpected \(conv1.weight/,
  );
});

test('a batch size that is given is the only one', async () => {
  const fixed = { out: at('fixed'), formats: ['onnx'], batchSize: 2 };
  await exportDetector(trained('checkpoints'), fixed);
  const session = await ort.InferenceSession.create(at('fixed', 'features.onnx'));
  const images = (n: number) => ({
    x: new ort.Tensor('float32', uniform('x', [n, 32, 32, 3]), [n, 32, 32, 3]),
  });
  expect((await session.run(images(2))).layer1.dims[0]).toBe(2);
  await expect(session.run(images(3))).rejects.toThrow('invalid dimensions');
  await session.release();
  await expect(exportDetector(trained('checkpoints'), { ...fixed, batchSize: 0.5 })).rejects.toThrow(
    'option batchSize: needs a whole number >= 1, got 0.5',
  );
});

test('a bundle is as the folder, and is exported as the folder is', async () => {
  const folder = trained('checkpoints');
  const bundle = at('detector.ddad');
  expect((await exportDetector(folder, { bundle })).files).toEqual([bundle]);
  expect(await detectorConfig(bundle)).toEqual(await detectorConfig(folder));
  const { files } = await exportDetector(bundle, { out: at('again'), formats: ['safetensors'] });
  expect(files).toHaveLength(2);
  expect(
    await areEqual(at('again', 'unet-2.safetensors'), trained('checkpoints', 'unet-2.safetensors')),
  ).toBe(true);
  await expect(calibrateDetector(bundle)).rejects.toThrow(
    /is a bundle, which is not written anew; calibrate/,
  );
  await expect(exportDetector(folder, { bundle: at('detector.zip') })).rejects.toThrow(
    /option bundle: needs the name of a file that ends in \.ddad/,
  );
  await expect(exportDetector(folder, {})).rejects.toThrow('needs option out or bundle, got none');
  await writeFile(bundle, (await readFile(bundle)).subarray(0, 5000));
  await expect(detectorConfig(bundle)).rejects.toThrow(
    /detector\.ddad is no detector that can be read: .*cut short/,
  );
});

test("torchvision's layer4 and fc come back out", async () => {
  const full = goldenState('resnet18');
  await writeFile(at('resnet18.pth'), writeTorch(full));
  const carrying: ConfigInput = {
    ...config,
    features: { weights: at('resnet18.pth') },
    adaptation: { epochs: 0 },
    output: { checkpoints: at('carrying'), results: at('carrying-results') },
  };
  await cp(trained('checkpoints', 'unet-2.safetensors'), at('carrying', 'unet-2.safetensors'));
  await adapt(carrying);
  const { absent } = await exportDetector(at('carrying'), { out: at('carried'), formats: ['reference'] });
  expect(absent).toEqual([]);
  const exported = readTorch(await readFile(at('carried', 'feat0')));
  expect([...exported.keys()]).toEqual([...full.keys()].map((key) => `module.${key}`));
  expect(exported.get('module.fc.bias')).toEqual(full.get('fc.bias'));

  // seven blocks more, of ten tensors each that may not be missing
  const other: ConfigInput = { ...carrying, features: { backbone: 'resnet34', weights: at('resnet18.pth') } };
  await expect(adapt(other)).rejects.toThrow(
    /resnet18\.pth has no weights of resnet34 .*: 70 missing \(layer1\.2\.conv1\.weight, .* and 66 more\)/,
  );
});
