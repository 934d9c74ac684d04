import { executionProviders, gauss, relativeError, tolerance, unit } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { useOrt } from '../testing/against-cpu.js';
import { initOrt } from './init.js';

/** Models of tfjs-layers train on 'ort' as on tfjs's `cpu`, without falling back to it. */

useOrt();

const init = (seed: number) => tf.initializers.glorotUniform({ seed });

function imageModel(): tf.LayersModel {
  const model = tf.sequential();
  model.add(
    tf.layers.conv2d({
      inputShape: [8, 8, 3],
      filters: 6,
      kernelSize: 3,
      padding: 'same',
      kernelInitializer: init(1),
    }),
  );
  model.add(tf.layers.batchNormalization());
  model.add(tf.layers.activation({ activation: 'relu' }));
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  model.add(
    tf.layers.separableConv2d({
      filters: 8,
      kernelSize: 3,
      padding: 'same',
      activation: 'elu',
      depthwiseInitializer: init(2),
      pointwiseInitializer: init(3),
    }),
  );
  model.add(tf.layers.averagePooling2d({ poolSize: 2, strides: 1, padding: 'valid' }));
  model.add(tf.layers.conv2dTranspose({ filters: 4, kernelSize: 2, strides: 2, kernelInitializer: init(4) }));
  model.add(tf.layers.globalAveragePooling2d({}));
  model.add(tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: init(5) }));
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

const recurrent = {
  lstm: (seed: number) =>
    tf.layers.lstm({ units: 5, kernelInitializer: init(seed), recurrentInitializer: init(seed + 1) }),
  gru: (seed: number) =>
    tf.layers.gru({ units: 5, kernelInitializer: init(seed), recurrentInitializer: init(seed + 1) }),
};

function sequenceModel(kind: 'lstm' | 'gru'): tf.LayersModel {
  const model = tf.sequential();
  model.add(
    tf.layers.embedding({
      inputDim: 12,
      outputDim: 4,
      inputLength: 6,
      embeddingsInitializer: tf.initializers.randomUniform({ minval: -0.5, maxval: 0.5, seed: 6 }),
    }),
  );
  model.add(tf.layers.conv1d({ filters: 4, kernelSize: 3, padding: 'same', kernelInitializer: init(7) }));
  model.add(recurrent[kind](8));
  model.add(tf.layers.layerNormalization());
  model.add(tf.layers.dense({ units: 1, activation: 'sigmoid', kernelInitializer: init(10) }));
  model.compile({ optimizer: tf.train.rmsprop(0.02), loss: 'binaryCrossentropy' });
  return model;
}

function volumeModel(): tf.LayersModel {
  const model = tf.sequential();
  model.add(
    tf.layers.conv3d({
      inputShape: [4, 4, 4, 2],
      filters: 3,
      kernelSize: 2,
      padding: 'same',
      activation: 'tanh',
      kernelInitializer: init(11),
    }),
  );
  model.add(tf.layers.maxPooling3d({ poolSize: 2 }));
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 2, kernelInitializer: init(12), kernelRegularizer: 'l1l2' }));
  model.compile({ optimizer: tf.train.sgd(0.05), loss: 'meanSquaredError' });
  return model;
}

interface Data {
  x: tf.Tensor;
  y: tf.Tensor;
}

/** Each class has a channel of its own that is brighter. */
function images(): Data {
  const labels = Array.from({ length: 24 }, (_, i) => i % 3);
  return tf.tidy(() => ({
    x: tf.add(
      tf.tensor4d(gauss('images', [24, 8, 8, 3]), [24, 8, 8, 3]),
      tf.reshape(tf.mul(tf.oneHot(labels, 3), 2), [24, 1, 1, 3]),
    ),
    y: tf.cast(tf.oneHot(labels, 3), 'float32'),
  }));
}

/** Whether a word below six comes first. */
function sequences(): Data {
  const words = Array.from(unit('words', 32 * 6), (u) => Math.floor(12 * u));
  return {
    x: tf.tensor2d(words, [32, 6], 'int32'),
    y: tf.tensor2d(
      Array.from({ length: 32 }, (_, i) => (words[6 * i] < 6 ? 1 : 0)),
      [32, 1],
    ),
  };
}

function volumes(): Data {
  return {
    x: tf.tensor5d(gauss('volumes', [16, 4, 4, 4, 2]), [16, 4, 4, 4, 2]),
    y: tf.tensor2d(gauss('targets', [16, 2]), [16, 2]),
  };
}

interface Training {
  losses: number[];
  evaluated: number[];
  /** Predictions of the model, and of the one loaded from what it saved. */
  predicted: Float32Array;
  loaded: Float32Array;
}

async function train(backend: string, make: () => tf.LayersModel, data: () => Data): Promise<Training> {
  await tf.setBackend(backend);
  const model = make();
  const { x, y } = data();
  const history = await model.fit(x, y, { epochs: 4, batchSize: 8, shuffle: false, verbose: 0 });
  const results = [model.evaluate(x, y, { batchSize: 8 })].flat();
  const evaluated = (await Promise.all(results.map((t) => t.data()))).map((values) => values[0]);
  const prediction = model.predict(x) as tf.Tensor;
  const predicted = (await prediction.data()) as Float32Array;

  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
    }),
  );
  const copy = await tf.loadLayersModel(tf.io.fromMemory(saved!));
  const again = copy.predict(x) as tf.Tensor;
  const loaded = (await again.data()) as Float32Array;

  tf.dispose([x, y, prediction, again, ...results]);
  model.optimizer.dispose();
  model.dispose();
  copy.dispose();
  return { losses: history.history.loss as number[], evaluated, predicted, loaded };
}

const models: Record<string, [() => tf.LayersModel, () => Data]> = {
  'convolutions, batch norm, pooling, dense': [imageModel, images],
  'embedding, LSTM, layer norm': [() => sequenceModel('lstm'), sequences],
  GRU: [() => sequenceModel('gru'), sequences],
  '3-D convolution': [volumeModel, volumes],
};

describe('a LayersModel trains, evaluates, saves and loads', () => {
  for (const [name, [make, data]] of Object.entries(models)) {
    it(name, async () => {
      const expected = await train('cpu', make, data);
      const actual = await train('ort', make, data);
      expect(actual.losses.at(-1)).toBeLessThan(actual.losses[0]);
      const error = tolerance(1e-3);
      expect(relativeError(actual.losses, expected.losses)).toBeLessThan(error);
      expect(relativeError(actual.evaluated, expected.evaluated)).toBeLessThan(error);
      expect(relativeError(actual.predicted, expected.predicted)).toBeLessThan(error);
      expect(actual.loaded).toEqual(actual.predicted);
    }, 120_000);
  }

  it('compiles one step, not a whole epoch', async () => {
    const sizes: number[] = [];
    await initOrt({ executionProviders, threads: 2, onModel: (bytes) => sizes.push(bytes.length) });
    const model = volumeModel();
    const { x, y } = volumes();
    await model.fit(x, y, { epochs: 3, batchSize: 1, shuffle: false, verbose: 0 });
    expect(Math.max(...sizes)).toBeLessThan(200_000); // 16 steps at once would be 240 kB
    expect(sizes.length).toBeLessThan(8);
    tf.dispose([x, y]);
    model.optimizer.dispose();
    model.dispose();
  }, 120_000);

  it('has a few graphs for an epoch of any length: what batch it is, is no part of them', async () => {
    let loaded = 0;
    await initOrt({ executionProviders, threads: 1, onModel: () => loaded++ });
    const model = tf.sequential();
    model.add(tf.layers.dense({ units: 4, inputShape: [3], activation: 'relu', kernelInitializer: init(1) }));
    model.add(tf.layers.dense({ units: 1, kernelInitializer: init(2) }));
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const [x, y] = [
      tf.randomNormal([400, 3], 0, 1, 'float32', 1),
      tf.randomNormal([400, 1], 0, 1, 'float32', 2),
    ];
    await model.fit(x, y, { epochs: 1, batchSize: 1, verbose: 0 });
    expect(loaded).toBeLessThan(8);
    tf.dispose([x, y]);
    model.optimizer.dispose();
    model.dispose();
  }, 120_000);

  it('leaves as many tensors as one training before', async () => {
    await train('ort', imageModel, images);
    const { numTensors, numDataBuffers } = tf.memory();
    await train('ort', imageModel, images);
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
  }, 120_000);
});
