import { expectNoLeak, gauss, relativeError } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { Parameters } from '../state/parameters.js';
import { groupNorm, normalizeGroups } from './group-norm.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** The definition (torch.nn.functional.group_norm), differentiated by tfjs's tape. */
function plainGroupNorm(x: tf.Tensor4D, weight: tf.Tensor1D, bias: tf.Tensor1D, groups: number): tf.Tensor4D {
  const [n, h, w, c] = x.shape;
  const grouped = tf.reshape(x, [n, h * w, groups, c / groups]);
  const { mean, variance } = tf.moments(grouped, [1, 3], true);
  const normal = tf.div(tf.sub(grouped, mean), tf.sqrt(tf.add(variance, 1e-5)));
  return tf.add(tf.mul(tf.reshape(normal, [n, h, w, c]), weight), bias) as tf.Tensor4D;
}

it('equals the definition, with its gradients', async () => {
  await expectNoLeak(async () => {
    const x = tf.tensor4d(gauss('x', [2, 3, 5, 12]), [2, 3, 5, 12]);
    const weight = tf.tensor1d(gauss('w', [12]));
    const bias = tf.tensor1d(gauss('b', [12]));
    const dy = tf.tensor4d(gauss('dy', [2, 3, 5, 12]), [2, 3, 5, 12]);
    const run = (f: (x: tf.Tensor4D, w: tf.Tensor1D, b: tf.Tensor1D) => tf.Tensor4D) =>
      tf.valueAndGrads((x, w, b) => f(x as tf.Tensor4D, w as tf.Tensor1D, b as tf.Tensor1D))(
        [x, weight, bias],
        dy,
      );
    const ours = run((x, w, b) => normalizeGroups(x, w, b, { groups: 4, epsilon: 1e-5 }));
    const plain = run((x, w, b) => plainGroupNorm(x, w, b, 4));
    expect(relativeError(await ours.value.data(), await plain.value.data())).toBeLessThan(1e-5);
    for (let i = 0; i < 3; i++) {
      expect(relativeError(await ours.grads[i].data(), await plain.grads[i].data())).toBeLessThan(1e-5);
    }
    tf.dispose([x, weight, bias, dy, ours, plain]);
  });
});

it('refuses channels that the groups do not divide', () => {
  expect(() => groupNorm(new Parameters().scope(), { channels: 48 })).toThrow(
    'groupNorm: needs channels divisible by 32 groups, got 48',
  );
});
