// Trains a small net for thousands of steps and fails where tensors, data buffers or sessions grow, JavaScript's heap grows
// by more than 1 % or resident memory by more than 3 %: the least of the second half against the least of what came
// before, after the warm-up. Two trainings: trainUNet (compiled) and a LayersModel's fit (lazy).
//
// V8 compiles functions as they get hot, and for thousands of steps: over 2,000 of fit its code and what it keeps to undo
// it grow the heap by 1 MB (heap snapshots at steps 1,000 and 3,000 differ by nothing else). So the compilers are off, and
// what is left to grow are objects; --jit turns them on, and the heap has no limit then (29.0 MB at step 3,600, 29.1 at
// 6,000).
//
// Needs `npm run build`. Usage: node tools/endurance/flat-training.mjs [--steps 2000] [--only trainUNet|fit] [--jit]
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { linearSchedule, trainUNet, UNet } from '@ddad/diffusion';
import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';

const { values: options } = parseArgs({
  options: { steps: { type: 'string', default: '2000' }, only: { type: 'string' }, jit: { type: 'boolean' } },
});
setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');
if (!options.jit) for (const flag of ['--no-opt', '--no-maglev', '--no-sparkplug']) setFlagsFromString(flag);
const steps = Number(options.steps);
const limits = { ...(options.jit ? {} : { heapMB: 0.01 }), residentMB: 0.03 };
await initOrt();

const rows = [];
function measure(what, step) {
  gc();
  const { numTensors, numDataBuffers } = tf.memory();
  const { heapUsed, rss } = process.memoryUsage();
  const row = {
    what,
    step,
    numTensors,
    numDataBuffers,
    sessions: tf.engine().backend.cachedSessions,
    heapMB: heapUsed / 2 ** 20,
    residentMB: rss / 2 ** 20,
  };
  rows.push(row);
  console.log(
    `${what} step ${String(step).padStart(5)}: ${numTensors} tensors, ${numDataBuffers} buffers, ` +
      `${row.sessions} lazy sessions, ${row.heapMB.toFixed(2)} MB of heap, ` +
      `${row.residentMB.toFixed(1)} MB resident`,
  );
}

const every = Math.max(1, Math.floor(steps / 10));

async function unetTraining() {
  const unet = new UNet({
    imageSize: 8,
    baseChannels: 32,
    channelMultipliers: [1],
    resBlocks: 1,
    heads: 2,
    dropout: 0.1,
  });
  function* batches() {
    for (let i = 0; i < 50; i++) yield tf.tidy(() => tf.fill([4, 8, 8, 3], Math.sin(i)));
  }
  await trainUNet({
    unet,
    batches,
    schedule: linearSchedule(),
    steps,
    seed: 1,
    onProgress: ({ step }) => step % every === 0 && measure('trainUNet', step),
  });
  unet.dispose();
}

async function layersTraining() {
  const model = tf.sequential();
  model.add(tf.layers.conv2d({ inputShape: [8, 8, 3], filters: 8, kernelSize: 3, padding: 'same' }));
  model.add(tf.layers.batchNormalization());
  model.add(tf.layers.reLU());
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 2, activation: 'softmax' }));
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy' });
  const x = tf.randomNormal([every * 2, 8, 8, 3], 0, 1, 'float32', 1);
  const y = tf.tidy(() =>
    tf
      .oneHot(
        tf
          .range(0, every * 2, 1, 'int32')
          .mod(tf.scalar(2, 'int32'))
          .toInt(),
        2,
      )
      .toFloat(),
  );
  let step = 0;
  for (let i = 0; i < 10; i++) {
    await model.fit(x, y, { batchSize: 2, epochs: 1, verbose: 0 });
    step += every;
    // Native memory goes with JavaScript objects, in finalizers that run between tasks.
    for (let round = 0; round < 3; round++) {
      gc();
      await setTimeout(20);
    }
    measure('fit', step);
  }
  tf.dispose([x, y]);
  model.optimizer.dispose();
  model.dispose();
}

const trainings = { trainUNet: unetTraining, fit: layersTraining };
const chosen = Object.keys(trainings).filter((what) => !options.only || options.only === what);
for (const what of chosen) await trainings[what]();

let failed = false;
for (const what of chosen) {
  const [first, ...rest] = rows.filter((row) => row.what === what).slice(2);
  for (const key of ['numTensors', 'numDataBuffers', 'sessions']) {
    const grown = rest.filter((row) => row[key] > first[key]);
    if (grown.length > 0) {
      failed = true;
      console.log(`FAILED  ${what}: ${key} went from ${first[key]} to ${grown.at(-1)[key]}`);
    }
  }
  for (const [key, limit] of Object.entries(limits)) {
    const memory = [first, ...rest].map((row) => row[key]);
    const half = memory.length >> 1;
    const growth = Math.min(...memory.slice(half)) / Math.min(...memory.slice(0, half)) - 1;
    const isFlat = growth <= limit;
    console.log(
      `${isFlat ? '' : 'FAILED  '}${what}: ${key} changed by ${(100 * growth).toFixed(2)} % between the halves of steps ` +
        `${first.step} to ${rest.at(-1).step}, allowed ${100 * limit} %`,
    );
    if (!isFlat) failed = true;
  }
}
process.exit(failed ? 1 : 0);
