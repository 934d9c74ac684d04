import { startEngine, toTorch } from '@ddad/nn';
import {
  expectNoLeak,
  goldenJson,
  goldenState,
  goldens,
  relativeError,
  testEngine,
  toNHWC,
  uniform,
} from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { adaptFeatures } from './adapt-features.js';
import { efficientNetLite0, efficientNetLite0Layers } from './efficientnet-lite0.js';

beforeAll(async () => {
  await startEngine({ engine: testEngine });
});

const state = goldenState('efficientnet_lite0');
const golden = goldens('features_efficientnet_lite0');
const expected = (key: string) => golden.get(key)!.data as Float32Array;
const tag = 'p.efficientnet_lite0.';
const nchw = [2, 3, 64, 64];

/** a, and b = clamp(a + 0.3 d, -1, 1). */
function inputs(): { a: tf.Tensor4D; b: tf.Tensor4D } {
  const a = uniform(`${tag}a`, nchw);
  const d = uniform(`${tag}d`, nchw);
  const b = a.map((value, i) => Math.min(1, Math.max(-1, value + Math.fround(0.3) * d[i])));
  const tensor = (values: Float32Array) => tf.tensor4d(toNHWC(values, nchw), [2, 64, 64, 3]);
  return { a: tensor(a), b: tensor(b) };
}

it('has the state dict of the Python package up to block 10, names in order, and carries the rest', async () => {
  const backbone = efficientNetLite0();
  const known = Object.entries(goldenJson<Record<string, number[]>>('efficientnet_lite0.keys'));
  const own = known.filter(([key]) => !/^(_blocks\.1[1-5]|_conv_head|_bn1|_fc)\./.test(key));
  const shapes = [...(await backbone.stateDict())].map(([key, { shape }]) => [key, shape]);
  expect(shapes).toEqual(own);
  expect(backbone.loadStateDict(state)).toEqual({ missing: [], unexpected: [], misshapen: [] });
  const saved = await backbone.stateDict();
  expect([...saved.keys()]).toEqual([...state.keys()]);
  for (const [key, { data }] of state) {
    expect(Buffer.compare(bytes(saved.get(key)!.data), bytes(data)), key).toBe(0);
  }
  backbone.dispose();
});

it('equals PyTorch: every block', async () => {
  await expectNoLeak(async () => {
    const backbone = efficientNetLite0({ imageSize: 64, layers: efficientNetLite0Layers });
    backbone.loadStateDict(state);
    const { a, b } = inputs();
    const features = backbone.features(a);
    expect(features.map(({ shape }) => 64 / shape[1])).toEqual([
      2, 4, 4, 8, 8, 16, 16, 16, 16, 16, 16, 32, 32, 32, 32, 32,
    ]);
    for (const [i, layer] of features.entries()) {
      const key = backbone.layers[i];
      const first8 = tf.slice(layer as tf.Tensor, [0, 0, 0, 0], [-1, -1, -1, 8]);
      const map = toNHWC(expected(key), golden.get(key)!.shape);
      expect(relativeError(await first8.data(), map), key).toBeLessThan(1e-4);
      const { mean, variance } = tf.moments(layer);
      const [std] = expected(`${key}.std`);
      expect(Math.abs((await mean.data())[0] - expected(`${key}.mean`)[0]) / std, key).toBeLessThan(1e-4);
      const unbiased = Math.sqrt(((await variance.data())[0] * layer.size) / (layer.size - 1));
      expect(Math.abs(unbiased - std) / std, key).toBeLessThan(1e-4);
      tf.dispose([first8, mean, variance]);
    }
    tf.dispose([a, b, features]);
    backbone.dispose();
  });
});

it('equals PyTorch: gradients and running statistics of a training step', async () => {
  await expectNoLeak(async () => {
    const backbone = efficientNetLite0();
    backbone.loadStateDict(state);
    backbone.train(true);
    const { a, b } = inputs();
    const { value, grads } = tf.variableGrads(() => {
      const [first, second] = [backbone.features(b), backbone.features(a)];
      return tf.addN(first.map((x, i) => cosineDistance(x, second[i]))) as tf.Scalar;
    }, backbone.parameters);
    expect(relativeError(await value.data(), expected('loss'))).toBeLessThan(1e-4);
    for (const key of ['_conv_stem.weight', '_blocks.3._depthwise_conv.weight', '_blocks.10._bn2.weight']) {
      const { shape } = golden.get(`grad.${key}`)!;
      const gradient = grads[backbone.namedParameters.get(key)!.name];
      const layout = key.includes('depthwise') ? 'depthwise' : shape.length === 4 ? 'conv' : 'same';
      const torch = toTorch((await gradient.data()) as Float32Array, shape, layout);
      expect(relativeError(torch, expected(`grad.${key}`)), key).toBeLessThan(1e-2);
    }
    const after = await backbone.stateDict();
    for (const key of ['running_mean', 'running_var']) {
      const buffer = after.get(`_blocks.3._bn1.${key}`)!.data as Float32Array;
      expect(relativeError(buffer, expected(`${key}._blocks.3._bn1`)), key).toBeLessThan(1e-4);
    }
    tf.dispose([a, b, value, grads]);
    backbone.dispose();
  });
});

it('adapts', async () => {
  await expectNoLeak(async () => {
    const backbone = efficientNetLite0({ layers: ['_blocks.2', '_blocks.4'] });
    const batch = tf.tensor4d(uniform('batch', [4, 32, 32, 3]), [4, 32, 32, 3]);
    const losses: number[] = [];
    await adaptFeatures({
      backbone,
      reconstruct: async (input) => tf.mul(input, 0.9),
      batches: [batch],
      epochs: 4,
      learningRate: 1e-3,
      onProgress: ({ loss }) => losses.push(loss),
    });
    expect(losses[3]).toBeLessThan(losses[0]);
    batch.dispose();
    backbone.dispose();
  });
});

it('says which layers there are, and what a ResNet’s file lacks', () => {
  expect(() => efficientNetLite0({ layers: ['_blocks.16'] })).toThrow(
    /^efficientnet_lite0: needs layers of _blocks\.0, .*, _blocks\.15, each once and in this order, got _blocks\.16/,
  );
  const backbone = efficientNetLite0();
  expect(() => backbone.loadStateDict(new Map([['conv1.weight', state.get('_conv_stem.weight')!]]))).toThrow(
    /^efficientnet_lite0\.loadStateDict: .* missing \(_conv_stem\.weight/,
  );
  backbone.dispose();
});

/** Mean over the batch of 1 - cosine of what each image gives. */
function cosineDistance(x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const sum = (product: tf.Tensor) => tf.sum(product, [1, 2, 3]);
  const norms = tf.sqrt(tf.mul(sum(tf.square(x)), sum(tf.square(y))));
  return tf.sub(1, tf.mean(tf.div(sum(tf.mul(x, y)), norms)));
}

function bytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
