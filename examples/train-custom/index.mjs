// A training of one's own: the networks, the noise and the losses of DDAD on tensors, without data sets or files on
// disk but one checkpoint. What the pipeline does, one may do otherwise here.
import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReconstructor, linearSchedule, trainUNet, UNet } from '@ddad/diffusion';
import { auroc } from '@ddad/metrics';
import { adamW, cosine, deriveSeed, uniform } from '@ddad/nn';
import { imageScore, pixelDistance } from '@ddad/scoring';
import { readStateDict, writeSafetensorsFile } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';

const size = 16;
const steps = Number(process.argv[2] ?? 60);
await initOrt();

/** Gray stripes [n, size, size, 1] in [-1, 1]; an anomalous picture has a bright square. */
function pictures(n, seed, { anomalous = false } = {}) {
  const random = uniform(deriveSeed(seed, 0), 3 * n);
  const values = new Float32Array(n * size * size);
  for (let i = 0; i < n; i++) {
    const [phase, left, top] = random.subarray(3 * i, 3 * i + 3);
    const isInside = (v, from) => v >= Math.floor(from * (size - 4)) && v < Math.floor(from * (size - 4)) + 4;
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) {
        const stripe = 0.5 * Math.sin((2 * Math.PI * x) / 8 + 2 * Math.PI * phase);
        values[(i * size + y) * size + x] = anomalous && isInside(x, left) && isInside(y, top) ? 1 : stripe;
      }
  }
  return tf.tensor4d(values, [n, size, size, 1]);
}

const schedule = linearSchedule();
const options = {
  imageSize: size,
  inChannels: 1,
  baseChannels: 32,
  channelMultipliers: [1, 1],
  resBlocks: 1,
};
const unet = new UNet({ ...options, attentionResolutions: [8], heads: 2, seed: 1 });
const reconstruction = { w: 2, schedule, start: 200, skip: 50 };
const held = pictures(8, 999);

/** Mean absolute error of reconstructed pictures that are not trained on. */
async function validationError(unet) {
  const reconstruct = createReconstructor(unet);
  const made = await reconstruct(held, { target: held, ...reconstruction });
  const error = tf.tidy(() => tf.mean(tf.abs(tf.sub(made, held))));
  const [value] = await error.data();
  tf.dispose([made, error]);
  reconstruct.dispose();
  return value;
}

const folder = await mkdtemp(join(tmpdir(), 'train-custom-'));
const file = join(folder, 'unet.safetensors');
const losses = [];
const result = await trainUNet({
  unet,
  // A function of the epoch: the same pictures whenever the same epoch is asked for, so that a resumed run sees them.
  batches: function* (epoch) {
    for (let i = 0; i < 10; i++) yield pictures(16, deriveSeed(7, epoch, i));
  },
  schedule,
  steps,
  maxTimestep: 250,
  optimizer: adamW({ learningRate: 2e-3, weightDecay: 1e-3 }),
  learningRateSchedule: cosine({ steps: steps + 1, warmupSteps: 5 }),
  ema: 0.95,
  clipNorm: 500,
  microBatchSize: 8, // half a batch at a time
  validation: {
    every: 2,
    patience: 3,
    evaluate: validationError,
    onValidation: ({ step, error }) =>
      console.log(`step ${step}: error on held-back pictures ${error.toFixed(4)}`),
  },
  onProgress: ({ loss }) => losses.push(loss),
  checkpoint: {
    save: async ({ average, progress }) => writeSafetensorsFile(file, average, { step: `${progress.step}` }),
  },
});
console.log(
  `loss ${losses[0].toFixed(1)} -> ${losses.at(-1).toFixed(1)} in ${result.step} steps; saved ${file}`,
);

// A second network, filled from the file, scores good and anomalous pictures.
const trained = new UNet({ ...options, attentionResolutions: [8], heads: 2 });
trained.loadStateDict(await readStateDict(file));
const reconstruct = createReconstructor(trained);
const labels = [];
const scores = [];
for (const [label, anomalous] of [false, true].entries()) {
  const x = pictures(16, 500 + label, { anomalous });
  const made = await reconstruct(x, { target: x, ...reconstruction });
  const found = tf.tidy(() => imageScore(pixelDistance(made, x)));
  scores.push(...(await found.data()));
  labels.push(...new Array(16).fill(label));
  tf.dispose([x, made, found]);
}
reconstruct.dispose();
const value = auroc(labels, scores);
console.log(`image AUROC by reconstruction alone: ${value.toFixed(3)}`);
assert.ok(losses.at(-1) < losses[0] / 2, 'the loss should have halved');
assert.ok(value > 0.6, 'bright squares should stand out');
tf.dispose(held);
unet.dispose();
trained.dispose();
