import * as tf from '@tensorflow/tfjs';
import { compile, initOrt } from 'tfjs-backend-ort';

/** What the tests in ../ort.browser.ts call: each computes on tfjs's current backend. */

const ramp = (shape: number[], scale = 1) =>
  tf.tidy(() => {
    const size = tf.util.sizeFromShape(shape);
    const values = Float32Array.from({ length: size }, (_, i) => scale * Math.sin(i * 1.7 + 0.3));
    return tf.tensor(values, shape);
  });

async function arrays(tensors: tf.Tensor[]): Promise<number[][]> {
  const values = await Promise.all(tensors.map(async (t) => Array.from(await t.data())));
  tf.dispose(tensors);
  return values;
}

async function tensors(): Promise<number[][]> {
  const a = ramp([3, 4]);
  const b = ramp([4, 5]);
  const flags = tf.greater(a, 0);
  const rows = tf.argMax(a, 1);
  const results = [
    tf.matMul(a, b),
    tf.softmax(a),
    tf.transpose(b),
    tf.sum(a, 1),
    tf.tidy(() => tf.where(flags, a, tf.zerosLike(a))),
    flags,
    rows,
  ];
  const values = await arrays(results);
  tf.dispose([a, b]);
  return values;
}

async function convolution(): Promise<number[][]> {
  const x = ramp([2, 9, 7, 3]);
  const w = ramp([3, 3, 3, 8], 0.3);
  const f = (image: tf.Tensor, filter: tf.Tensor) =>
    tf.sum(tf.square(tf.relu(tf.conv2d(image as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same'))));
  const y = tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same');
  const gradients = tf.grads(f)([x, w]);
  const values = await arrays([y, ...gradients]);
  tf.dispose([x, w]);
  return values;
}

/** Six steps of a small network with momentum; the losses, then the weights. */
async function training(): Promise<number[][]> {
  const variables = tf.tidy(() => ({
    filter: tf.variable(ramp([3, 3, 1, 8], 0.3)),
    dense: tf.variable(ramp([8, 3], 0.3)),
    momentum: tf.variable(tf.zeros([3, 3, 1, 8])),
  }));
  const { filter, dense, momentum } = variables;
  const x = ramp([4, 8, 8, 1]);
  const target = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d([0, 1, 2, 1], 'int32'), 3), 'float32'));
  const step = compile((images: tf.Tensor, labels: tf.Tensor, rate: tf.Tensor) => {
    const { value, grads } = tf.variableGrads(() => {
      const maps = tf.relu(tf.conv2d(images as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'));
      const pooled = tf.mean(tf.maxPool(maps as tf.Tensor4D, 2, 2, 'valid'), [1, 2]);
      return tf.losses.softmaxCrossEntropy(
        labels,
        tf.matMul(pooled as tf.Tensor2D, dense as tf.Tensor2D),
      ) as tf.Scalar;
    }, [filter, dense]);
    momentum.assign(tf.add(tf.mul(momentum, 0.9), grads[filter.name]));
    filter.assign(tf.sub(filter, tf.mul(rate, momentum)));
    dense.assign(tf.sub(dense, tf.mul(rate, grads[dense.name])));
    return value;
  });
  const losses: number[] = [];
  for (let i = 0; i < 6; i++) {
    const rate = tf.scalar(0.5 / (i + 1));
    const loss = await step(x, target, rate);
    losses.push((await loss.data())[0]);
    tf.dispose([loss, rate]);
  }
  const weights = await Promise.all([filter, dense, momentum].map(async (v) => Array.from(await v.data())));
  step.dispose();
  tf.dispose([x, target]);
  tf.dispose(Object.values(variables));
  return [losses, ...weights];
}

/** A chain of tensors, and how many bytes of it lay on the device while it was alive and afterwards. */
async function residency(): Promise<{ alive: number; after: number }> {
  const bytes = () => (tf.memory() as { numBytesInGPU?: number }).numBytesInGPU ?? 0;
  let x: tf.Tensor = ramp([64, 64]);
  for (let i = 0; i < 3; i++) {
    const next = tf.tidy(() => tf.mul(x, 0.5));
    await next.data();
    x.dispose();
    x = next;
  }
  const alive = bytes();
  x.dispose();
  return { alive, after: bytes() };
}

async function syncRead(): Promise<string> {
  const t = tf.tidy(() => tf.add(tf.ones([2]), 1));
  try {
    t.dataSync();
    return '';
  } catch (error) {
    return (error as Error).message;
  } finally {
    t.dispose();
  }
}

/** Whether a timer fires while a loop computes, for five seconds at most. */
async function timer(): Promise<boolean> {
  let fired = false;
  setTimeout(() => {
    fired = true;
  }, 20);
  const x = ramp([64, 64]);
  const product = compile((a: tf.Tensor) => tf.matMul(a as tf.Tensor2D, a as tf.Tensor2D));
  const began = performance.now();
  while (!fired && performance.now() - began < 5000) tf.dispose(await product(x));
  product.dispose();
  x.dispose();
  return fired;
}

const work = { tensors, convolution, training, residency, syncRead, timer };

async function run(name: keyof typeof work) {
  const before = tf.memory().numTensors;
  const result = await work[name]();
  return { result, leaked: tf.memory().numTensors - before };
}

Object.assign(window, {
  page: { initOrt, run, useCpu: () => tf.setBackend('cpu'), isolated: crossOriginIsolated },
});
