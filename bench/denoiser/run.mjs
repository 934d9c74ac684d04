// What D_p, D_f and their sum reach after a short training: image AUROC, pixel AUROC, AUPRO, of maps at 256 px.
// Usage: node bench/denoiser/run.mjs --set folder/category --weights resnet18.pth
//          [--steps 400] [--factor 2] [--patch 4] [--components 24] [--levels 100,200] [--quantile 0.95]
//          [--seed 1] [--threads 2] [--unet file.safetensors]
//   --steps 0 is the Gaussian alone; --unet keeps the trained network there, or takes the one that is there
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fitGaussian, linearSchedule, reconstruct, reduce, repair, trainUNet, UNet } from '@ddad/diffusion';
import { resnet18 } from '@ddad/features';
import { auroc, PixelMetrics } from '@ddad/metrics';
import { adam, compile, cosine } from '@ddad/nn';
import { featureDistance, gaussianBlur, pixelDistance } from '@ddad/scoring';
import { readSafetensors, readStateDict, writeSafetensors } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';
import { loadSet, reduced, shuffled } from './data.mjs';

const side = 256;
const size = [side, side];
const { values } = parseArgs({
  options: {
    set: { type: 'string' },
    weights: { type: 'string' },
    steps: { type: 'string', default: '400' },
    factor: { type: 'string', default: '2' },
    patch: { type: 'string', default: '4' },
    components: { type: 'string', default: '24' },
    levels: { type: 'string', default: '100,200' },
    quantile: { type: 'string', default: '0.95' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: '2' },
    unet: { type: 'string' },
  },
});
const [steps, factor, patch, components, quantile, seed, threads] = [
  'steps',
  'factor',
  'patch',
  'components',
  'quantile',
  'seed',
  'threads',
].map((name) => Number(values[name]));
const levels = values.levels.split(',').map(Number);
const schedule = linearSchedule();
await initOrt({ threads });
const set = await loadSet(values.set, { size: side });

/** Milliseconds that all threads have computed: with --threads 1, the time on a quiet core. */
function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const unet = new UNet({
  imageSize: side / factor,
  patch,
  baseChannels: 32,
  channelMultipliers: [1, 2, 2],
  resBlocks: 1,
  attentionResolutions: [16, 8],
  heads: 2,
  gaussianComponents: components,
  seed,
});
if (values.unet && existsSync(values.unet)) unet.loadStateDict(readSafetensors(readFileSync(values.unet)));
else await train();

async function train() {
  const images = reduced(set.training, factor);
  const begin = performance.now();
  if (components) unet.setGaussian(await fitGaussian(images, { components }));
  console.log(`Gaussian: ${(performance.now() - begin).toFixed(0)} ms`);
  if (steps === 0) return;
  const times = [];
  let last = cpu();
  await trainUNet({
    unet,
    schedule,
    steps,
    seed,
    batches: shuffled(images, { batchSize: 8, seed }),
    minTimestep: 20,
    maxTimestep: 250,
    ema: 0.99,
    optimizer: adam({ learningRate: 1e-3 }),
    learningRateSchedule: cosine({ steps }),
    onProgress: ({ step, loss }) => {
      times.push(cpu() - last);
      last = cpu();
      if (step % 50 === 0) console.log(`step ${step}: loss ${(loss / images.size) * images.shape[0]}`);
    },
  });
  times.sort((a, b) => a - b);
  const total = times.reduce((sum, time) => sum + time, 0);
  console.log(
    `training: ${(total / 1000).toFixed(0)} s of CPU, a step ${times[times.length >> 1].toFixed(0)} ms; peak memory ${(process.resourceUsage().maxRSS / 1e6).toFixed(2)} GB`,
  );
  if (values.unet) writeFileSync(values.unet, writeSafetensors(await unet.stateDict()));
}

const backbone = resnet18({ imageSize: side });
backbone.loadStateDict(await readStateDict(values.weights), { strict: false });
backbone.train(false);
const featuresOf = compile((x) => backbone.features(x), { freeze: backbone.variables });
async function reconstructed(x) {
  const low = reduce(x, factor);
  const settings = { target: low, w: 0, schedule };
  return { low, reconstruction: await reconstruct(unet, low, { ...settings, levels }) };
}

async function mapsOf(pictures) {
  const maps = [];
  for (const x of pictures) {
    const begin = cpu();
    const { low, reconstruction } = await reconstructed(x);
    const features = await featuresOf(x);
    const { pixel, feature } = await distances(x, low, reconstruction, ...features);
    maps.push({ pixel: await pixel.data(), feature: await feature.data(), ms: cpu() - begin });
    tf.dispose([low, reconstruction, pixel, feature, ...features]);
  }
  return maps;
}

const quantileOf = (numbers, share) => numbers.sort()[Math.floor(share * (numbers.length - 1))];
/** Every 7th value of all. */
const sampled = (arrays) => Float32Array.from(arrays.flatMap((a) => [...a.filter((_, i) => i % 7 === 0)]));

const changes = [];
for (const x of set.heldBack) {
  const { low, reconstruction } = await reconstructed(x);
  const change = tf.tidy(() => tf.abs(tf.sub(reconstruction, low)));
  changes.push(await change.data());
  tf.dispose([low, reconstruction, change]);
}
const threshold = quantile > 0 ? quantileOf(sampled(changes), quantile) : 0;
const distances = compile(
  (x, low, reconstruction, ...features) => {
    const repaired = repair(x, { reduced: low, reconstruction, threshold });
    return {
      pixel: gaussianBlur(pixelDistance(repaired, x), 4),
      feature: gaussianBlur(featureDistance(backbone.features(repaired), features, { size }), 4),
    };
  },
  { freeze: backbone.variables },
);
const heldBack = await mapsOf(set.heldBack);
const test = await mapsOf(set.test);

const scale = (key) => quantileOf(sampled(heldBack.map((maps) => maps[key])), 0.99);
const [pixelScale, featureScale] = [scale('pixel'), scale('feature')];
const both = test.map(({ pixel, feature }) =>
  pixel.map((value, i) => value / pixelScale + feature[i] / featureScale),
);
const times = test.map(({ ms }) => ms).sort((a, b) => a - b);
console.log(
  `threshold ${threshold.toFixed(3)}; ${times[times.length >> 1].toFixed(0)} ms of CPU a picture; ` +
    `peak memory ${(process.resourceUsage().maxRSS / 1e6).toFixed(2)} GB`,
);
report(
  'D_p',
  test.map(({ pixel }) => pixel),
);
report(
  'D_f',
  test.map(({ feature }) => feature),
);
report('both', both);
process.exit(0);

function report(name, maps) {
  const pixels = new PixelMetrics();
  for (const [i, map] of maps.entries()) pixels.add(set.masks[i], map, { shape: size });
  const { auroc: pixelAuroc, aupro } = pixels.compute();
  const scores = maps.map((map) => map.reduce((a, b) => Math.max(a, b)));
  const numbers = [auroc(set.labels, scores), pixelAuroc, aupro].map((value) => value.toFixed(3));
  console.log(`${name.padEnd(5)} image AUROC, pixel AUROC, AUPRO: ${numbers.join(', ')}`);
}
