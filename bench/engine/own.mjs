// The tfjs side of the benchmark: `own.mjs ENGINE CASE THREADS [OPTIONS]`. Reads a line, does a step, prints its
// milliseconds. OPTIONS: ONNX Runtime's session options that take the place of the backend's.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { linearSchedule, trainingLoss, UNet } from '@ddad/diffusion';
import { adaptationLoss, backbones } from '@ddad/features';
import { adam, adamW, compile, startEngine } from '@ddad/nn';
import * as tf from '@tensorflow/tfjs';

const [engine, caseText, threads, optionsText = '{}'] = process.argv.slice(2);
const sessionOptions = JSON.parse(optionsText);
const { kind, size, channels, heads, batch, network } = JSON.parse(caseText);
/** Milliseconds spent inside ONNX Runtime; what is left of a step is JavaScript. */
let nativeMs = 0;
if (engine === 'ort') {
  const require = createRequire(new URL('../../packages/tfjs-backend-ort/package.json', import.meta.url));
  const native = require('onnxruntime-node/dist/binding.js');
  const { InferenceSession } = native.binding;
  class TimedSession {
    session = new InferenceSession();
    loadModel(...args) {
      this.session.loadModel(...args.slice(0, -1), { ...args.at(-1), ...sessionOptions });
    }
    run(...args) {
      const began = performance.now();
      try {
        return this.session.run(...args);
      } finally {
        nativeMs += performance.now() - began;
      }
    }
    dispose() {
      this.session.dispose();
    }
  }
  native.binding = new Proxy(native.binding, {
    get: (target, key) => (key === 'InferenceSession' ? TimedSession : target[key]),
  });
}
await startEngine({ engine, threads: Number(threads) });

const images = (n, seed) => tf.randomUniform([n, size, size, 3], -1, 1, 'float32', seed);
const unet = () => new UNet({ imageSize: size, baseChannels: channels, inChannels: 3, heads });

/** Waits for the results, which a device may still be at. */
async function finish(results) {
  await [results].flat().at(-1).data();
  tf.dispose(results);
}

function unetForward() {
  const model = unet();
  const step = compile((x, t) => model.forward(x, t), { freeze: model.variables });
  const [x, t] = [images(batch, 1), tf.fill([batch], 250)];
  return async () => finish(await step(x, t));
}

function featuresForward() {
  const model = backbones[network]();
  const step = compile((x) => model.features(x), { freeze: model.variables });
  const x = images(batch, 1);
  return async () => finish(await step(x));
}

/** `loss` must use all `parameters`; the step updates them. */
function training(parameters, optimizer, loss, inputs, freeze = []) {
  const state = optimizer.init(parameters);
  const step = compile(
    (coefficients, ...args) => {
      const { value, grads } = tf.variableGrads(() => loss(...args), [...parameters.values()]);
      const gradients = new Map([...parameters].map(([name, variable]) => [name, grads[variable.name]]));
      optimizer.update(parameters, gradients, state, coefficients);
      return value;
    },
    { freeze },
  );
  let count = 0;
  return async () => {
    const coefficients = tf.tensor1d(
      optimizer.coefficients({ step: ++count, learningRate: optimizer.learningRate }),
    );
    const value = await step(coefficients, ...inputs);
    await value.data();
    tf.dispose([value, coefficients]);
  };
}

function unetTraining() {
  const model = unet();
  const schedule = linearSchedule();
  const noise = tf.randomNormal([batch, size, size, 3], 0, 1, 'float32', 2);
  const t = new Array(batch).fill(250);
  const loss = (x0, noise) => trainingLoss(model, x0, { t, noise, schedule });
  const optimizer = adam({ learningRate: 3e-4, weightDecay: 0.05 });
  return training(model.namedParameters, optimizer, loss, [images(batch, 1), noise]);
}

function adaptation() {
  const model = backbones[network]();
  const frozen = model.clone();
  frozen.train(false);
  model.train(true);
  const loss = (reconstruction, target) =>
    adaptationLoss(model, frozen, { reconstruction, target, lambda: 0.1 });
  const inputs = [images(batch / 2, 1), images(batch / 2, 2)];
  return training(model.namedParameters, adamW({ learningRate: 1e-4 }), loss, inputs, frozen.variables);
}

const step = { unet: unetForward, features: featuresForward, 'unet-train': unetTraining, adapt: adaptation }[
  kind
]();
const begins = performance.now();
await step();
const firstMs = performance.now() - begins;
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
say({ ready: `tfjs ${tf.version.tfjs} ${engine}`, firstMs });
for await (const _ of createInterface({ input: process.stdin })) {
  nativeMs = 0;
  const began = performance.now();
  await step();
  const ms = performance.now() - began;
  const outsideMs = engine === 'ort' ? ms - nativeMs : undefined;
  say({ ms, outsideMs, peakMiB: process.resourceUsage().maxRSS / 1024 });
}
