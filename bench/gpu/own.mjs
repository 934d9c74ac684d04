// One row of bench/gpu/run.mjs on one of our engines: `own.mjs ENGINE CASE THREADS`, CASE as JSON; prints a JSON line.
import { linearSchedule, trainingLoss, trainUNet, UNet } from '@ddad/diffusion';
import { adam, compile, compileStep, startEngine } from '@ddad/nn';
import { gauss, goldenState, goldens, relativeError, toNHWC, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';

const [engine, caseText, threads] = process.argv.slice(2);
const { kind, size, channels, heads, batch, together = 1, repeats, seconds } = JSON.parse(caseText);
await startEngine({ engine, threads: Number(threads) || null });

const images = (seed) => tf.randomUniform([batch, size, size, 3], -1, 1, 'float32', seed);
const unet = () => new UNet({ imageSize: size, baseChannels: channels, inChannels: 3, heads });
const optimizer = adam({ learningRate: 3e-4, weightDecay: 0.05 });
const schedule = linearSchedule();

/** Median and minimum milliseconds of a step, of runs of `together` steps after one that loads and one that warms up. */
async function timed(run) {
  const clock = async () => {
    const began = performance.now();
    await run();
    return performance.now() - began;
  };
  const firstMs = await clock();
  await clock();
  const times = [];
  const until = performance.now() + seconds * 1000;
  do times.push((await clock()) / together);
  while (times.length < repeats && performance.now() < until);
  times.sort((a, b) => a - b);
  return { ms: times[Math.floor(times.length / 2)], minMs: times[0], runs: times.length, firstMs };
}

const rows = {
  async forward() {
    const model = unet();
    const step = compile((x, t) => model.forward(x, t), { freeze: model.variables });
    const [x, t] = [images(1), tf.fill([batch], 250)];
    return timed(async () => {
      const result = await step(x, t);
      await result.data();
      result.dispose();
    });
  },

  /** Steps with inputs that lie ready, as PyTorch's peer takes them. */
  async train() {
    const model = unet();
    const parameters = model.namedParameters;
    const state = optimizer.init(parameters);
    const t = new Array(batch).fill(250);
    const step = compileStep(
      (coefficients, x0, noise) => {
        const loss = () => trainingLoss(model, x0, { t, noise, schedule });
        const { value, grads } = tf.variableGrads(loss, [...parameters.values()]);
        const gradients = new Map([...parameters].map(([name, variable]) => [name, grads[variable.name]]));
        optimizer.update(parameters, gradients, state, coefficients);
        return { loss: value, gradients };
      },
      { who: 'bench' },
    );
    const [x0, noise] = [images(1), tf.randomNormal([batch, size, size, 3], 0, 1, 'float32', 2)];
    const { learningRate } = optimizer;
    let count = 0;
    let loss;
    const result = await timed(async () => {
      const first = count + 1;
      const calls = Array.from({ length: together }, () => [
        tf.tensor1d(optimizer.coefficients({ step: ++count, learningRate })),
        x0,
        noise,
      ]);
      if (together === 1) loss = await step(first, ...calls[0]);
      else await step.several(first, calls, (value) => (loss = value));
      tf.dispose(calls.map(([coefficients]) => coefficients));
    });
    return { ...result, loss };
  },

  /** A training as a user has it: batches, noise and time steps of each step, steps in a run as the engine chooses. */
  async training() {
    const batches = [images(1), images(2)];
    const at = [];
    const steps = repeats;
    await trainUNet({
      unet: unet(),
      schedule,
      batches,
      steps,
      optimizer,
      onProgress: () => at.push(performance.now()),
    });
    const half = Math.floor(steps / 2);
    return { ms: (at[steps - 1] - at[half - 1]) / (steps - half), runs: new Set(at.map(Math.round)).size };
  },

  /** The UNets of fixtures/: largest relative difference of outputs, loss and the gradients of vectors. */
  async golden() {
    const found = {};
    for (const [name, side, heads] of [
      ['unet32', 32, 2],
      ['unet64', 64, 4],
    ]) {
      // biome-ignore format: a table
      const golden = goldens(name);
      const shape = [2, 3, side, side];
      const nhwc = (values) => tf.tensor4d(toNHWC(values, shape), [2, side, side, 3]);
      const model = new UNet({ imageSize: side, baseChannels: side, heads });
      model.loadStateDict(goldenState(name));
      const x = nhwc(uniform(`p.${name}.x`, shape));
      const noise = nhwc(gauss(`p.${name}.noise`, shape));
      const output = await model.forward(x, [3, 611]).data();
      const { value, grads } = tf.variableGrads(
        () => trainingLoss(model, x, { t: [10, 500], noise, schedule }),
        model.parameters,
      );
      let gradient = 0;
      for (const [key, { shape, data }] of golden) {
        const variable = key.startsWith('grad.') && model.namedParameters.get(key.slice('grad.'.length));
        if (!variable || shape.length !== 1) continue;
        gradient = Math.max(gradient, relativeError(await grads[variable.name].data(), data));
      }
      const of = (key, values) => relativeError(values, golden.get(key).data);
      found[name] = {
        output: relativeError(output, toNHWC(golden.get('output').data, shape)),
        loss: of('loss', await value.data()),
        gradient,
      };
    }
    return found;
  },
};

const result = await rows[kind]();
console.log(JSON.stringify({ ...result, peakMiB: process.resourceUsage().maxRSS / 1024 }));
process.exit();
