// Trains the network of `embedded()` from nothing on pictures that it draws (docs/embedded.md). Needs a build.
//
//   node tools/pretrain/train.mjs --out <folder> [--steps 2200] [--seed 1] [--threads 2] [--resume <folder>]
//
// The learning rate is constant until the last steps (`--decay`, a share of all). Every 100 steps before, a state is left,
// from which `--resume` goes on with the same pictures as if it had not ended.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { embeddedArchitecture } from '@ddad/features';
import {
  adamW,
  assignVariables,
  clipByGlobalNorm,
  compileStep,
  cosine,
  readVariables,
  startEngine,
  warmup,
} from '@ddad/nn';
import { readStateDict, writeSafetensorsFile } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { memoryLoss } from './memory-loss.mjs';

const { values: options } = parseArgs({
  options: {
    out: { type: 'string' },
    steps: { type: 'string', default: '2200' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: '2' },
    late: { type: 'string', default: '800' },
    decay: { type: 'string', default: '0.6' },
    resume: { type: 'string' },
    materials: { type: 'string', default: '400' },
    scenes: { type: 'string', default: '4' },
    views: { type: 'string', default: '8' },
    side: { type: 'string', default: '64' },
    rate: { type: 'string', default: '1e-3' },
    power: { type: 'string', default: '4' },
    contrast: { type: 'string', default: '1' },
  },
});
const number = Object.fromEntries(Object.entries(options).map(([key, value]) => [key, Number(value)]));
const { steps, seed, materials, scenes, views, side, power } = number;
const count = scenes * views;

await startEngine({ engine: 'ort', threads: number.threads });
mkdirSync(options.out, { recursive: true });
const began = performance.now();

const backbone = embeddedArchitecture({ seed });
const parameters = backbone.namedParameters;
const optimizer = adamW({ learningRate: number.rate, weightDecay: 0.02 });
const state = optimizer.init(parameters);
const hold = Math.round(steps * (1 - number.decay));
const rise = warmup(30);
const fall = cosine({ steps: steps - hold });
const schedule = (at) => (at > hold ? fall(at - hold) : rise(at));
let [from, spent, processor] = [0, 0, 0];
const curve = [];
if (options.resume) {
  const before = JSON.parse(readFileSync(`${options.resume}/curve.json`, 'utf8')).curve;
  backbone.loadStateDict(await readStateDict(`${options.resume}/state-backbone.safetensors`));
  assignVariables(state, await readStateDict(`${options.resume}/state-optimizer.safetensors`), {
    who: 'pretrain',
  });
  ({ step: from } = JSON.parse(readFileSync(`${options.resume}/state.json`, 'utf8')));
  curve.push(...before.filter(({ step }) => step <= from));
  [spent, processor] = [curve.at(-1).seconds, curve.at(-1).processor];
}

const parts = tf.variable(tf.zeros([2]), false);
const step = compileStep(
  (x, flaw, coefficients) => {
    const { value, grads } = tf.variableGrads(() => {
      const both = memoryLoss(backbone.features(x).slice(1), flaw, { views, power });
      parts.assign(both);
      return tf.sum(tf.mul(both, [1, number.contrast]));
    }, [...parameters.values()]);
    const gradients = new Map([...parameters].map(([name, variable]) => [name, grads[variable.name]]));
    optimizer.update(parameters, clipByGlobalNorm(gradients, 5), state, coefficients);
    return { loss: value, gradients };
  },
  { who: 'pretrain' },
);

const sums = [0, 0];
backbone.train(true);
for await (const { step: at, ...batch } of batches()) {
  const grid = side / 8;
  const inputs = tf.tidy(() => [
    tf.tensor4d(Float32Array.from(batch.pixels), [count, side, side, 3]).div(127.5).sub(1),
    tf.tensor4d(batch.flaw, [count, grid, grid, 1]),
    tf.tensor1d(optimizer.coefficients({ step: at + 1, learningRate: number.rate * schedule(at + 1) })),
  ]);
  await step(at + 1, ...inputs);
  (await parts.data()).forEach((value, i) => {
    sums[i] += value;
  });
  tf.dispose(inputs);
  const every = 25;
  if ((at + 1) % every === 0) {
    const cpu = process.cpuUsage();
    const row = {
      step: at + 1,
      flawed: Number((sums[0] / every).toFixed(4)),
      foreign: Number((sums[1] / every).toFixed(4)),
      seconds: Math.round(spent + (performance.now() - began) / 1e3),
      processor: Math.round(processor + (cpu.user + cpu.system) / 1e6),
    };
    curve.push(row);
    sums.fill(0);
    console.log(JSON.stringify(row));
    writeFileSync(`${options.out}/curve.json`, `${JSON.stringify({ options, curve })}\n`);
  }
  if ((at + 1) % 100 === 0 || at + 1 === steps) {
    const write = (name, stateDict) => writeSafetensorsFile(`${options.out}/${name}.safetensors`, stateDict);
    await write('embedded', await backbone.stateDict());
    if (at + 1 > hold) continue;
    await write('state-backbone', await backbone.stateDict());
    await write('state-optimizer', await readVariables(state));
    writeFileSync(`${options.out}/state.json`, JSON.stringify({ step: at + 1 }));
  }
}
step.dispose();
process.exit(0);

async function* batches() {
  const settings = { scenes, views, side, materials, lateFrom: number.late };
  const ahead = 6;
  const worker = new Worker(new URL('./batch-worker.mjs', import.meta.url), {
    workerData: { seed, settings, steps, ahead, from },
  });
  const ready = [];
  let wake = () => {};
  let failed;
  worker.on('message', (batch) => {
    ready.push(batch);
    wake();
  });
  worker.on('error', (error) => {
    failed = error;
    wake();
  });
  for (let at = from; at < steps; at++) {
    while (ready.length === 0 && !failed) await new Promise((resolve) => (wake = resolve));
    if (failed) throw failed;
    worker.postMessage('next');
    yield ready.shift();
  }
}
