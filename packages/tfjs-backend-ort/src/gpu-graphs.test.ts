import { executionProviders } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, it } from 'vitest';
import { expectSame, gradsOf } from '../testing/against-cpu.js';
import { install } from './install.js';
import { nodeRuntime } from './runtime/node/node.js';

// The graphs that CUDA's provider gets, computed by the processor.
describe.runIf(executionProviders[0] === 'cpu')('graphs for a GPU', () => {
  beforeAll(() =>
    install(
      { ...nodeRuntime({ executionProviders: ['cpu'], graphCache: null }), isCpu: false },
      { threads: 2 },
    ),
  );

  const block = (stride: number) => (x: tf.Tensor, w: tf.Tensor, bias: tf.Tensor, s: tf.Tensor) => {
    const h = tf.add(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, 'same'), bias);
    return tf.mul(tf.add(tf.mul(h, s), tf.square(s)), tf.sigmoid(h));
  };
  it.each([
    { n: 1, stride: 1 },
    { n: 3, stride: 1 },
    { n: 3, stride: 2 },
  ])('a layer with its gradients: $n images, stride $stride', ({ n, stride }) =>
    expectSame(gradsOf(block(stride)), [[n, 32, 34, 6], [3, 3, 6, 8], [8], [n, 1, 1, 8]], { error: 1e-4 }),
  );

  it.each([[[0, 1, 2]], [[0, 2]], [[1, 3]], [[2, 3]], [[0, 3]]])('sums and means over %j', (axes) =>
    expectSame(
      (x) => [tf.sum(x, axes), tf.mean(x, axes, true), tf.prod(tf.add(x, 1.5), axes)],
      [[3, 4, 5, 6]],
      { error: 1e-4 },
    ),
  );

  it.each([[[0, 2, 3, 1]], [[0, 2, 1, 3]], [[3, 1, 2, 0]], [[1, 3, 0, 2]]])('axes moved to %j', (order) =>
    expectSame((x) => tf.transpose(x, order), [[2, 32, 3, 64]], { error: 1e-7 }),
  );

  it('sums of many tensors', () => expectSame((...all) => tf.addN(all), new Array(9).fill([3, 4])));
});
