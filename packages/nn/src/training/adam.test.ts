import { expectNoLeak } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { type AdamOptions, adam, adamW } from './adam.js';

beforeAll(async () => void (await tf.setBackend('cpu')));

// torch.optim.Adam and AdamW of PyTorch 1.13 in float64, after each of five steps on the gradient
// 2 s [1, 0.1, 3] w + [0.3, -0.2, 0.1] at step s, from w = [1, -2, 0.5]
const torch = {
  adam: [
    [0.9900000000425532, -1.990000000142857, 0.490000000032],
    [0.9802594196252834, -1.9801219342951917, 0.48030619990961354],
    [0.9705824481258826, -1.9702873487382275, 0.47067125356264566],
    [0.9608862821324246, -1.9604442192967684, 0.461005355321465],
    [0.9511289185498466, -1.9505585528627098, 0.45126680989080104],
  ],
  adamW: [
    [0.9780000086956484, -1.9760000333332772, 0.47900000645161084],
    [0.9563639681896547, -1.9522123328103755, 0.45841165513704046],
    [0.9346892466060065, -1.9283959110781015, 0.4377587030781227],
    [0.9128226527280069, -1.9044262901155402, 0.4168868734573084],
    [0.8906996230277893, -1.8802388911156596, 0.3957419988416412],
  ],
};

it.each<['adam' | 'adamW', typeof adam, AdamOptions]>([
  ['adam', adam, { learningRate: 0.01, weightDecay: 0.05 }],
  ['adamW', adamW, { learningRate: 0.02, betas: [0.8, 0.95], epsilon: 1e-6, weightDecay: 0.1 }],
])('%s takes the steps of torch', async (name, make, options) => {
  await expectNoLeak(async () => {
    const optimizer = make(options);
    const w = tf.tidy(() => tf.variable(tf.tensor1d([1, -2, 0.5])));
    const parameters = new Map([['w', w as tf.Variable]]);
    const state = optimizer.init(parameters);
    for (let step = 1; step <= 5; step++) {
      tf.tidy(() => {
        const scale = tf.mul(tf.tensor1d([2, 0.2, 6]), step);
        const gradients = new Map([['w', tf.add(tf.mul(w, scale), tf.tensor1d([0.3, -0.2, 0.1]))]]);
        const { learningRate } = optimizer;
        const coefficients = tf.tensor1d(optimizer.coefficients({ step, learningRate }));
        optimizer.update(parameters, gradients, state, coefficients);
      });
      const values = await w.data();
      torch[name][step - 1].forEach((expected, i) => {
        expect(Math.abs(values[i] - expected)).toBeLessThan(1e-6);
      });
    }
    tf.dispose([w, ...state.values()]);
  });
});

it('refuses settings that make no sense, and a parameter without gradient', () => {
  expect(() => adam({ learningRate: -1 })).toThrow('adam: needs learningRate >= 0, got -1');
  expect(() => adamW({ betas: [0.9, 1] })).toThrow('adamW: needs betas in [0, 1), got 1');
  const w = tf.tidy(() => tf.variable(tf.tensor1d([1])));
  const parameters = new Map([['w', w as tf.Variable]]);
  const optimizer = adam();
  const state = optimizer.init(parameters);
  const coefficients = tf.tensor1d(optimizer.coefficients({ step: 1, learningRate: 1 }));
  expect(() => optimizer.update(parameters, new Map(), state, coefficients)).toThrow(
    'adam: no gradient for w',
  );
  expect(() => optimizer.coefficients({ step: 0, learningRate: 1 })).toThrow(
    'adam: steps count from 1, got 0',
  );
  tf.dispose([w, coefficients, ...state.values()]);
});
