// Trains a UNet for 50 steps here and in PyTorch, from equal weights with equal batches, time steps and noise, and
// compares the losses step by step.
// Usage: node tools/peers/torch-parity/loss-curve.mjs [python with torch] [image size] [engine]
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linearSchedule, trainUNet, UNet } from '@ddad/diffusion';
import { adam, deriveSeed, gaussian, randomIntegers, startEngine, uniform } from '@ddad/nn';
import { readSafetensors, writeSafetensorsFile } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';

const [python = 'python3', size = '32', engine = 'ort'] = process.argv.slice(2);
const imageSize = Number(size);
const [steps, n, seed] = [50, 4, 11];
const [baseChannels, heads, learningRate, weightDecay] = [32, 2, 3e-4, 0.05];
const shape = [n, imageSize, imageSize, 3];
const folder = await mkdtemp(join(tmpdir(), 'loss-curve-'));

/** Four smooth pictures with a little grain; another four each step. */
const batch = (step) =>
  tf.tidy(() => {
    const coarse = tf.tensor(uniform(deriveSeed(seed, 1, step), n * 64 * 3), [n, 8, 8, 3]);
    const smooth = tf.sub(tf.mul(tf.image.resizeBilinear(coarse, [imageSize, imageSize]), 1.6), 0.8);
    return tf.add(smooth, tf.mul(gaussian(deriveSeed(seed, 2, step), shape), 0.05));
  });

const f32 = (data, shape) => ({ dtype: 'F32', shape, data: Float32Array.from(data) });
const nchw = async (x) => {
  const turned = tf.transpose(x, [0, 3, 1, 2]);
  const tensor = f32(await turned.data(), turned.shape);
  turned.dispose();
  return tensor;
};

try {
  await startEngine({ engine });
  const unet = new UNet({ imageSize, baseChannels, heads, seed: 3 });
  await writeSafetensorsFile(join(folder, 'start.safetensors'), await unet.stateDict());
  const given = new Map();
  for (let step = 0; step < steps; step++) {
    const x = batch(step);
    // what trainUNet draws for this seed and step
    const noise = gaussian(deriveSeed(seed, step, 1), shape);
    given.set(`x${step}`, await nchw(x));
    given.set(`noise${step}`, await nchw(noise));
    given.set(`t${step}`, f32(randomIntegers(deriveSeed(seed, step, 0), n, 1000), [n]));
    tf.dispose([x, noise]);
  }
  await writeSafetensorsFile(join(folder, 'steps.safetensors'), given);

  const here = [];
  await trainUNet({
    unet,
    batches: function* () {
      for (let step = 0; step < steps; step++) yield batch(step);
    },
    schedule: linearSchedule(),
    steps,
    optimizer: adam({ learningRate, weightDecay }),
    seed,
    onProgress: ({ loss }) => here.push(loss),
  });
  const script = fileURLToPath(new URL('loss_curve.py', import.meta.url));
  const args = [script, folder, baseChannels, heads, learningRate, weightDecay].map(String);
  const there = JSON.parse(
    execFileSync(python, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }),
  );

  const apart = here.map((loss, i) => Math.abs(loss / there[i] - 1));
  for (let i = 0; i < steps; i += 7) {
    console.log(
      `step ${i + 1}: ${here[i].toFixed(3)} here, ${there[i].toFixed(3)} there, ${(100 * apart[i]).toFixed(4)} % apart`,
    );
  }
  const worst = Math.max(...apart);
  const end = readSafetensors(await readFile(join(folder, 'end.safetensors')));
  const begin = readSafetensors(await readFile(join(folder, 'start.safetensors')));
  let moved = 0;
  let differs = 0;
  for (const [name, { data }] of await unet.stateDict()) {
    const start = begin.get(name).data;
    data.forEach((value, i) => {
      moved += (end.get(name).data[i] - start[i]) ** 2;
      differs += (end.get(name).data[i] - value) ** 2;
    });
  }
  console.log(`largest difference of ${steps} losses: ${(100 * worst).toFixed(4)} %, allowed 1 %`);
  console.log(`weights differ by ${(100 * Math.sqrt(differs / moved)).toFixed(3)} % of how far they moved`);
  unet.dispose();
  process.exitCode = worst <= 0.01 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true });
}
