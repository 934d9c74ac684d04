import { startEngine } from '@ddad/nn';
import { expectNoLeak, relativeError, testEngine, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { adaptFeatures } from './adapt-features.js';
import { fromLayersModel } from './from-layers-model.js';

beforeAll(async () => void (await startEngine({ engine: testEngine, threads: 1 })));

function makeModel(): tf.Sequential {
  const conv = (name: string, filters: number, seed: number) =>
    tf.layers.conv2d({
      name,
      filters,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      kernelInitializer: tf.initializers.heNormal({ seed }),
    });
  const input = tf.layers.inputLayer({ inputShape: [16, 16, 3] });
  return tf.sequential({
    layers: [
      input,
      conv('fine', 4, 1),
      tf.layers.batchNormalization({ name: 'norm' }),
      tf.layers.reLU({ name: 'relu' }),
      conv('coarse', 6, 2),
      tf.layers.flatten({ name: 'flat' }),
      tf.layers.dense({ name: 'head', units: 2 }),
    ],
  });
}

const images = (name: string, n = 2) => tf.tensor4d(uniform(name, [n, 16, 16, 3]), [n, 16, 16, 3]);

it('gives what the layers give, after preprocessing, and takes no part in the layers above', async () => {
  const model = makeModel();
  await expectNoLeak(async () => {
    const backbone = fromLayersModel(model, ['relu', 'coarse'], { preprocess: (x) => tf.mul(x, 2) });
    const x = images('x');
    const features = backbone.features(x);
    expect(features.map(({ shape }) => shape)).toEqual([
      [2, 8, 8, 4],
      [2, 4, 4, 6],
    ]);
    for (const [i, name] of ['relu', 'coarse'].entries()) {
      const alone = tf.model({ inputs: model.inputs, outputs: model.getLayer(name).output });
      const expected = tf.tidy(() => alone.predict(tf.mul(x, 2)) as tf.Tensor);
      expect(relativeError(await features[i].data(), await expected.data())).toBeLessThan(1e-6);
      expected.dispose();
    }
    expect([...(await backbone.stateDict()).keys()].some((name) => name.includes('head'))).toBe(false);
    expect(backbone.parameters).toHaveLength(6);
    expect(backbone.variables).toHaveLength(8);
    tf.dispose([x, features]);
  });
  model.dispose();
});

it('adapts, in training mode as model.fit has it, and leaves its copies as they were', async () => {
  const model = makeModel();
  const backbone = fromLayersModel(model, ['relu', 'coarse']);
  const copy = backbone.clone();
  const before = await backbone.stateDict();
  await expectNoLeak(async () => {
    const batch = images('batch', 4);
    const losses: number[] = [];
    await adaptFeatures({
      backbone,
      reconstruct: async (input) => tf.mul(input, 0.9),
      batches: [batch],
      epochs: 8,
      learningRate: 1e-3,
      onProgress: ({ loss }) => losses.push(loss),
    });
    expect(losses[7]).toBeLessThan(losses[0]);
    batch.dispose();
  });
  const after = await backbone.stateDict();
  expect(
    [...after].filter(
      ([name, { data }]) =>
        relativeError(data as Float32Array, before.get(name)!.data as Float32Array) > 1e-6,
    ).length,
  ).toBe(after.size);
  const kept = await copy.stateDict();
  expect([...kept.values()].map(({ data }) => data)).toEqual([...before.values()].map(({ data }) => data));

  expect(await backbone.loadStateDict(before)).toEqual({ missing: [], unexpected: [], misshapen: [] });
  expect(await backbone.stateDict()).toEqual(before);
  copy.dispose();
  expect(model.weights[0].read().isDisposed).toBe(false);
  model.dispose();
});

it('says what does not fit', async () => {
  const model = makeModel();
  expect(() => fromLayersModel(model, ['fine', 'layer9'])).toThrow(
    /needs names of the model's layers \(.*fine, norm, relu, coarse, flat, head\), got layer9/,
  );
  expect(() => fromLayersModel(model, [])).toThrow(/got none/);
  expect(() => fromLayersModel(model, ['flat'])).toThrow(/but that of flat is \[,96\]/);
  const backbone = fromLayersModel(model, ['fine']);
  const state = await backbone.stateDict();
  const [first] = state.keys();
  state.delete(first);
  state.set('other', { dtype: 'F32', shape: [1], data: new Float32Array(1) });
  expect(() => backbone.loadStateDict(state)).toThrow(
    `fromLayersModel: the state dict does not fit: 1 missing (${first}), 1 unexpected (other)`,
  );
  expect(await backbone.loadStateDict(state, { strict: false })).toMatchObject({ missing: [first] });
  model.dispose();
});
