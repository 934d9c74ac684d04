import { readFileSync } from 'node:fs';
import {
  createRepairer,
  fileSource,
  loadNetworks,
  parseManifest,
  reconstructionSettings,
} from '@ddad/detector';
import { createReconstructor, linearSchedule, trainUNet, UNet } from '@ddad/diffusion';
import { adam, randomIntegers } from '@ddad/nn';
import * as tf from '@tensorflow/tfjs';
import { toTensor } from './data-set.mjs';

/** Each tested image as `{ x, x0 }` with what the denoiser of a detector in `folder` makes of it. */
export async function reconstructionsOf(folder, { tested }, { side }) {
  const manifest = parseManifest(readFileSync(`${folder}/detector.json`, 'utf8'), folder);
  const { config, calibration } = manifest;
  if (config.data.imageSize !== side) {
    throw new Error(`--side: ${folder} has a detector of ${config.data.imageSize} px, got ${side}`);
  }
  const networks = await loadNetworks(fileSource(folder), { ...manifest, memory: null });
  const repair = createRepairer(networks.unet, config);
  const options = { ...reconstructionSettings(config), change: calibration.change ?? 0 };
  const pairs = await reconstructAll(tested, side, (x) => repair(x, { target: x, ...options }));
  repair.dispose();
  networks.dispose();
  return pairs;
}

/** The same with a small denoiser that is trained on the good images. */
export async function trainedReconstructions({ good, tested }, { side, steps, seed }) {
  const size = [side, side];
  const schedule = linearSchedule({ steps: 1000, betaStart: 1e-4, betaEnd: 0.02 });
  const unet = new UNet({
    imageSize: side,
    baseChannels: 32,
    inChannels: 3,
    heads: 2,
    channelMultipliers: [1, 2, 2],
    resBlocks: 1,
    seed,
  });
  const batchSize = 4;
  async function* batches() {
    for (let step = 0; step < steps; step++) {
      const chosen = [...randomIntegers(seed * steps + step, batchSize, good.length)];
      yield tf.tidy(() => tf.concat(chosen.map((k) => toTensor(good[k], size))));
    }
  }
  await trainUNet({
    unet,
    batches,
    schedule,
    steps,
    seed,
    optimizer: adam({ learningRate: 1e-3 }),
    onProgress: ({ step, loss }) => step % 50 === 0 && console.log(`step ${step} loss ${loss.toFixed(4)}`),
  });
  const reconstruct = createReconstructor(unet);
  const settings = { w: 3, schedule, start: 250, skip: 50, eta: 1 };
  const pairs = await reconstructAll(tested, side, (x) => reconstruct(x, { target: x, ...settings }));
  reconstruct.dispose();
  unet.dispose();
  return pairs;
}

async function reconstructAll(images, side, reconstruct) {
  const pairs = [];
  for (const image of images) {
    const x = toTensor(image, [side, side]);
    pairs.push({ x, x0: await reconstruct(x) });
  }
  return pairs;
}
