// As transfer.mjs, for the anomaly map of DDAD: a denoiser is trained on each data set, its reconstructions are compared by
// pixels and by the features of each network. Nothing is adapted. Needs a build.
//
//   node tools/pretrain/transfer-ddad.mjs --data <root>[,<root>...] --network <name>[=<weights>] ... [--side 128]
//     [--steps 200] [--train 40] [--seeds 0] [--threads 2] [--json out.json]
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { createReconstructor, linearSchedule, trainUNet, UNet } from '@ddad/diffusion';
import { aupro, auroc } from '@ddad/metrics';
import { adam, randomIntegers, startEngine } from '@ddad/nn';
import { anomalyMap, featureDistance, pixelDistance } from '@ddad/scoring';
import * as tf from '@tensorflow/tfjs';
import { load, toTensor } from './data-set.mjs';
import { open } from './network.mjs';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', multiple: true },
    network: { type: 'string', multiple: true },
    side: { type: 'string', default: '128' },
    steps: { type: 'string', default: '200' },
    train: { type: 'string', default: '40' },
    seeds: { type: 'string', default: '0' },
    threads: { type: 'string', default: '2' },
    json: { type: 'string' },
  },
});
const side = Number(options.side);
const size = [side, side];
const schedule = linearSchedule({ steps: 1000, betaStart: 1e-4, betaEnd: 0.02 });

await startEngine({ engine: 'ort', threads: Number(options.threads) });
const results = {};
for (const root of options.data.flatMap((list) => list.split(','))) {
  const data = await load(root, { size, train: Number(options.train) });
  const rows = {};
  results[basename(root)] = rows;
  for (const seed of options.seeds.split(',').map(Number)) {
    const pairs = await reconstructions(data, seed);
    for (const network of options.network) {
      const { label, backbone } = await open(network);
      const found = await measure(pairs, data, backbone);
      backbone.dispose();
      rows[label] ??= {};
      for (const [key, value] of Object.entries(found)) {
        rows[label][key] ??= [];
        rows[label][key].push(value);
      }
      console.log(basename(root), label, seed, JSON.stringify(found));
    }
    tf.dispose(pairs);
  }
}
if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 1)}\n`);

/** Each tested image with what a denoiser trained on the good ones makes of it. */
async function reconstructions({ good, tested }, seed) {
  const unet = new UNet({
    imageSize: side,
    baseChannels: 32,
    inChannels: 3,
    heads: 2,
    channelMultipliers: [1, 2, 2],
    resBlocks: 1,
    seed,
  });
  const steps = Number(options.steps);
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
  const pairs = [];
  for (const image of tested) {
    const x = toTensor(image, size);
    pairs.push({ x, x0: await reconstruct(x, { target: x, w: 3, schedule, start: 250, skip: 50, eta: 1 }) });
  }
  reconstruct.dispose();
  unet.dispose();
  return pairs;
}

/** Both distances scaled to a maximum of 1 over all images, then added, as DDAD does with v = 1. */
async function measure(pairs, { labels, masks }, backbone) {
  const map = tf.tidy(() => {
    const layers = [0, 1];
    const pixel = tf.concat(pairs.map(({ x, x0 }) => pixelDistance(x0, x)));
    const feature = tf.concat(
      pairs.map(({ x, x0 }) =>
        featureDistance(backbone.features(x0), backbone.features(x), { size, layers }),
      ),
    );
    return anomalyMap({ pixel, feature, v: 1, normalization: 'batch' });
  });
  const maps = await map.data();
  map.dispose();
  const scores = labels.map((_, i) =>
    maps.subarray(i * side * side, (i + 1) * side * side).reduce((a, b) => Math.max(a, b)),
  );
  return {
    imageAuroc: auroc(labels, scores),
    pixelAuroc: auroc(masks, maps),
    aupro: aupro(masks, maps, { shape: [labels.length, side, side] }),
  };
}
