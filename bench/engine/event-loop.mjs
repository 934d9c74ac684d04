// node bench/engine/event-loop.mjs [--images 40] [--threads 2]
// Scores images of 64 x 64 as the small preset does and tells what the event loop's turn after each run costs, images with
// and without it taking turns, and how late a timer of 50 ms comes. Build the packages first.
import { parseArgs } from 'node:util';
import { linearSchedule, reconstruct, UNet } from '@ddad/diffusion';
import { resnet18 } from '@ddad/features';
import { compile, startEngine } from '@ddad/nn';
import { featureDistance, pixelDistance } from '@ddad/scoring';
import * as tf from '@tensorflow/tfjs';

const { values } = parseArgs({
  options: { images: { type: 'string', default: '40' }, threads: { type: 'string', default: '2' } },
});
const images = Number(values.images);
const size = 64;

await startEngine({ engine: 'ort', threads: Number(values.threads) });
const { runtime } = tf.engine().backend;
const { turn } = runtime;
const unet = new UNet({
  imageSize: size,
  baseChannels: 32,
  channelMultipliers: [1, 2, 2, 2],
  resBlocks: 1,
  attentionResolutions: [16, 8],
  inChannels: 3,
  heads: 2,
});
const backbone = resnet18();
const schedule = linearSchedule();
const compare = compile(
  (a, b) => [
    pixelDistance(a, b),
    featureDistance(backbone.features(a), backbone.features(b), { size: [size, size] }),
  ],
  { freeze: backbone.variables },
);
/** The longest time between two turns of the loop is that of the longest run. */
let longestRun = 0;
async function score(seed) {
  const x = tf.randomUniform([1, size, size, 3], -1, 1, 'float32', seed);
  let began = performance.now();
  const onStep = () => {
    longestRun = Math.max(longestRun, performance.now() - began);
    began = performance.now();
  };
  const reconstruction = await reconstruct(unet, x, { target: x, w: 4, schedule, onStep });
  began = performance.now();
  const distances = await compare(reconstruction, x);
  onStep();
  await Promise.all(distances.map((distance) => distance.data()));
  tf.dispose([x, reconstruction, distances]);
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const noTurn = async () => undefined;
let turns = 0;
let inTurns = 0;
const timedTurn = async () => {
  const began = performance.now();
  await turn();
  inTurns += performance.now() - began;
  turns++;
};
await score(0); // compiles
await score(0);

const times = { with: [], without: [] };
for (let i = 1; i <= images; i++) {
  for (const kind of i % 2 ? ['with', 'without'] : ['without', 'with']) {
    runtime.turn = kind === 'with' ? timedTurn : noTurn;
    const began = performance.now();
    await score(i);
    times[kind].push(performance.now() - began);
  }
}
const [on, off] = [median(times.with), median(times.without)];
const price = median(times.with.map((ms, i) => ms / times.without[i])) - 1;
console.log(`${images} images each: ${on.toFixed(1)} ms an image with turns, ${off.toFixed(1)} ms without`);
console.log(
  `price: ${(100 * price).toFixed(2)} %, median of the pairs; ${(turns / images).toFixed(0)} turns an image of ` +
    `${((1000 * inTurns) / turns).toFixed(0)} us, ${((inTurns / images / off) * 100).toFixed(2)} %`,
);

/** How late each of many timers of 50 ms comes while `count` images are scored, in ms. */
async function lateness(count) {
  const late = [];
  let timer;
  const set = () => {
    const due = performance.now() + 50;
    timer = setTimeout(() => {
      late.push(performance.now() - due);
      set();
    }, 50);
  };
  set();
  const began = performance.now();
  for (let i = 1; i <= count; i++) await score(i);
  const took = performance.now() - began;
  clearTimeout(timer);
  return { took, fired: late.length, latest: Math.max(0, ...late) };
}
for (const [name, given] of [
  ['with turns', turn],
  ['without', noTurn],
]) {
  runtime.turn = given;
  longestRun = 0;
  const { took, fired, latest } = await lateness(images);
  console.log(
    `${name}: in ${(took / 1000).toFixed(1)} s a timer of 50 ms fired ${fired} times, ${latest.toFixed(0)} ms late at most; ` +
      `longest run ${longestRun.toFixed(0)} ms`,
  );
}
