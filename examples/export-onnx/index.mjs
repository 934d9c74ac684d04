// A detector's networks as ONNX models, run by plain ONNX Runtime and compared with the networks here.
// Usage: node index.mjs
import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImage } from '@ddad/datasets';
import { UNet } from '@ddad/diffusion';
import { resnet18 } from '@ddad/features';
import { exportDetector, loadConfig, run, synthesize } from '@ddad/pipeline';
import { readStateDict } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import ort from 'onnxruntime-node';

const folder = await mkdtemp(join(tmpdir(), 'export-onnx-'));
const data = await synthesize({
  out: join(folder, 'data'),
  category: 'weave',
  size: 32,
  counts: { train: 16, testGood: 4, testDefect: 4 },
});
const model = {
  baseChannels: 32,
  channelMultipliers: [1, 1],
  attentionResolutions: [],
  heads: 2,
  resBlocks: 1,
};
const config = loadConfig({
  preset: 'small',
  data: { kind: 'mvtec', root: data.root, category: data.category, imageSize: 32 },
  model: { ...model, start: 100, skip: 50 },
  training: { steps: 20, batchSize: 4 }, // a real training takes hundreds
  features: { backbone: 'resnet18', weights: 'random' },
  adaptation: { epochs: 1, batchSize: 8 },
  scoring: { sigma: 2 },
  output: { checkpoints: join(folder, 'checkpoints'), results: join(folder, 'results') },
});
await run(config);

const out = join(folder, 'exported');
const { files } = await exportDetector(join(folder, 'checkpoints'), {
  out,
  formats: ['onnx', 'safetensors'],
});
console.log(files.join('\n'));

// From here on nothing of this project is needed: pictures of the right size, their bytes brought to [-1, 1]. A batch has
// any number of them.
const pictures = await Promise.all(
  ['000', '001', '002'].map((name) =>
    loadImage(join(data.root, data.category, 'test', 'good', `${name}.png`), { size: [32, 32], channels: 3 }),
  ),
);
const [{ width, height, channels }] = pictures;
const shape = [pictures.length, height, width, channels];
const images = Float32Array.from(
  Buffer.concat(pictures.map((picture) => picture.data)),
  (v) => (v / 255) * 2 - 1,
);
const steps = [100, 60, 20];
const x = new ort.Tensor('float32', images, shape);
const t = new ort.Tensor('float32', Float32Array.from(steps), [pictures.length]);

const unetSession = await ort.InferenceSession.create(join(out, 'unet.onnx'));
const { noise } = await unetSession.run({ x, t });
const featuresSession = await ort.InferenceSession.create(join(out, 'features.onnx'));
const layers = await featuresSession.run({ x });
console.log('noise', noise.dims);
for (const [name, { dims }] of Object.entries(layers)) console.log(name, dims);

// The same by the networks here, from the same weights.
const weightsOf = (name) => readStateDict(files.find((file) => file.includes(`${name}-`)));
const unet = new UNet({ imageSize: 32, inChannels: 3, ...model });
unet.loadStateDict(await weightsOf('unet'));
const backbone = resnet18({ imageSize: 32 });
backbone.loadStateDict(await weightsOf('features'));
const input = tf.tensor4d(images, shape);
const expected = [unet.forward(input, steps), ...backbone.features(input)];
for (const [i, tensor] of [noise, ...Object.values(layers)].entries()) {
  const values = await expected[i].data();
  const largest = values.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
  const error = values.reduce((max, v, k) => Math.max(max, Math.abs(v - tensor.data[k])), 0) / largest;
  assert(error < 1e-4, `output ${i} differs by ${error} of its largest value`);
}
console.log('equal to the networks here');
