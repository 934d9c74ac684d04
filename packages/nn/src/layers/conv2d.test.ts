import { expectNoLeak, testEngine } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { startEngine } from '../engine/start-engine.js';
import { Parameters } from '../state/parameters.js';
import { conv2d } from './conv2d.js';

beforeAll(async () => {
  await startEngine({ engine: testEngine });
});

const count = (n: number) => Float32Array.from({ length: n }, (_, i) => i + 1);

// torch.nn.functional.conv2d(1..side^2, 1..9, stride=stride, padding=1), and the gradients of sum(y * [1..n])
it.each([
  {
    stride: 1,
    side: 3,
    y: [94, 154, 106, 186, 285, 186, 106, 154, 94],
    toInput: [26, 56, 54, 84, 165, 144, 134, 236, 186],
    toWeight: [94, 154, 106, 186, 285, 186, 106, 154, 94],
  },
  {
    stride: 2,
    side: 4,
    y: [111, 217, 363, 573],
    toInput: [5, 14, 10, 12, 14, 36, 24, 30, 15, 34, 20, 24, 24, 55, 32, 36],
    toWeight: [24, 43, 50, 44, 78, 88, 68, 118, 128],
  },
])("aligns as PyTorch's, gradients included, at stride $stride", async ({ stride, side, ...expected }) => {
  await expectNoLeak(async () => {
    const parameters = new Parameters({ seed: 1 });
    const convolve = conv2d(parameters.scope(), {
      inChannels: 1,
      outChannels: 1,
      kernelSize: 3,
      stride,
      padding: 1,
      bias: false,
    });
    parameters.loadStateDict(new Map([['weight', { dtype: 'F32', shape: [1, 1, 3, 3], data: count(9) }]]));
    const weight = parameters.trainable.get('weight')!;
    const x = tf.tensor4d(count(side * side), [1, side, side, 1]);
    const weights = tf.tensor1d(count(expected.y.length));
    const y = convolve(x);
    expect([...(await y.data())]).toEqual(expected.y);
    const loss = (x: tf.Tensor) => tf.sum(tf.mul(tf.reshape(convolve(x as tf.Tensor4D), [-1]), weights));
    const toInput = tf.tidy(() => tf.grad(loss)(x));
    expect([...(await toInput.data())]).toEqual(expected.toInput);
    const { value, grads } = tf.variableGrads(() => loss(x) as tf.Scalar, [weight]);
    expect([...(await grads[weight.name].data())]).toEqual(expected.toWeight);
    tf.dispose([x, weights, y, toInput, value, grads]);
    parameters.dispose();
  });
});
