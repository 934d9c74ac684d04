import { executionProviders, expectNoLeak, gauss, relativeError } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { useOrt } from '../../testing/against-cpu.js';

useOrt();

const epsilon = 1e-5;

/** The definition (torch.nn.functional.group_norm) in double precision. */
function definition(
  x: Float32Array,
  shape: number[],
  weight: Float32Array,
  bias: Float32Array,
  groups: number,
) {
  const [n, h, w, channels] = shape;
  const perGroup = channels / groups;
  const out = new Float32Array(x.length);
  for (let image = 0; image < n; image++) {
    for (let group = 0; group < groups; group++) {
      const places: number[] = [];
      for (let position = 0; position < h * w; position++) {
        const first = (image * h * w + position) * channels + group * perGroup;
        for (let i = 0; i < perGroup; i++) places.push(first + i);
      }
      const mean = places.reduce((sum, at) => sum + x[at], 0) / places.length;
      const variance = places.reduce((sum, at) => sum + (x[at] - mean) ** 2, 0) / places.length;
      for (const at of places) {
        const channel = at % channels;
        out[at] = ((x[at] - mean) / Math.sqrt(variance + epsilon)) * weight[channel] + bias[channel];
      }
    }
  }
  return out;
}

describe.runIf(executionProviders[0] === 'cpu')('group normalisation', () => {
  it.each([
    { shape: [2, 3, 5, 12], groups: 4, mean: 0 },
    { shape: [1, 16, 16, 64], groups: 32, mean: 0 },
    { shape: [2, 8, 8, 32], groups: 32, mean: 0 },
    { shape: [1, 64, 64, 32], groups: 32, mean: 50 },
    { shape: [1, 64, 64, 64], groups: 32, mean: 50 },
  ])('$shape in $groups groups around $mean', async ({ shape, groups, mean }) => {
    await expectNoLeak(async () => {
      const channels = shape[3];
      const values = gauss('x', shape).map((value) => value + mean);
      const [weight, bias] = [gauss('w', [channels]), gauss('b', [channels])];
      const inputs = { x: tf.tensor(values, shape), weight: tf.tensor1d(weight), bias: tf.tensor1d(bias) };
      const out = tf.engine().runKernel('GroupNorm', inputs, { groups, epsilon }) as tf.Tensor;
      expect(out.shape).toEqual(shape);
      const expected = definition(values, shape, weight, bias, groups);
      // a float of the size of the mean has as many digits less
      expect(relativeError(await out.data(), expected)).toBeLessThan(2e-6 * Math.max(1, mean));
      tf.dispose([out, ...Object.values(inputs)]);
    });
  });
});

it('is there but for WebGPU', () => {
  const isThere = tf.getKernel('GroupNorm', 'ort') !== undefined;
  expect(isThere).toBe(executionProviders[0] !== 'webgpu');
});
