import { adam, toTorch } from '@ddad/nn';
import {
  expectNoLeak,
  gauss,
  goldenJson,
  goldenState,
  goldens,
  relativeError,
  toNHWC,
  uniform,
} from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';
import { beforeAll, describe, expect, it } from 'vitest';
import { linearSchedule } from './linear-schedule.js';
import { trainingLoss } from './training-loss.js';
import { UNet } from './unet.js';

beforeAll(async () => {
  await initOrt();
});

/** tfjs layout -> PyTorch layout of a gradient or parameter of PyTorch shape `shape`. */
function torchOrder(data: Float32Array, shape: number[]): Float32Array {
  const layout =
    shape.length === 4 ? 'conv' : shape.length === 3 ? 'conv1d' : shape.length === 2 ? 'linear' : 'same';
  return toTorch(data, shape, layout);
}

const image = (name: string, [n, c, h, w]: number[], make = uniform) =>
  tf.tensor4d(toNHWC(make(name, [n, c, h, w]), [n, c, h, w]), [n, h, w, c]);

describe.each([
  { name: 'unet32', size: 32, baseChannels: 32, heads: 2 },
  { name: 'unet64', size: 64, baseChannels: 64, heads: 4 },
])('$name', ({ name, size, baseChannels, heads }) => {
  const golden = goldens(name);
  const tag = `p.${name}.`;
  const expected = (key: string) => golden.get(key)!.data as Float32Array;

  it('has the reference state dict, names in order', async () => {
    await expectNoLeak(async () => {
      const unet = new UNet({ imageSize: size, baseChannels, heads });
      const shapes = [...(await unet.stateDict())].map(([key, { shape }]) => [key, shape]);
      expect(shapes).toEqual(Object.entries(goldenJson(`${name}.keys`)));
      unet.dispose();
    });
  });

  it('equals the reference: output, loss, gradients, one Adam step', async () => {
    await expectNoLeak(async () => {
      const unet = new UNet({ imageSize: size, baseChannels, heads });
      unet.loadStateDict(goldenState(name));
      const x = image(`${tag}x`, [2, 3, size, size]);
      const output = unet.forward(x, [3, 611]);
      expect(relativeError(await output.data(), toNHWC(expected('output'), [2, 3, size, size]))).toBeLessThan(
        1e-4,
      );

      const noise = image(`${tag}noise`, [2, 3, size, size], gauss);
      const schedule = linearSchedule();
      const { value, grads } = tf.variableGrads(
        () => trainingLoss(unet, x, { t: [10, 500], noise, schedule }),
        unet.parameters,
      );
      expect(relativeError(await value.data(), expected('loss'))).toBeLessThan(1e-4);

      const parameters = unet.namedParameters;
      const gradients = new Map([...parameters].map(([key, variable]) => [key, grads[variable.name]]));
      for (const [key, { shape, data }] of golden) {
        if (!key.startsWith('grad.')) continue;
        const actual = (await gradients.get(key.slice(5))!.data()) as Float32Array;
        expect(relativeError(torchOrder(actual, shape), data as Float32Array), key).toBeLessThan(1e-3);
      }

      const optimizer = adam({ learningRate: 3e-4, weightDecay: 0.05 });
      const state = optimizer.init(parameters);
      const coefficients = tf.tensor1d(optimizer.coefficients({ step: 1, learningRate: 3e-4 }));
      optimizer.update(parameters, gradients, state, coefficients);
      const after = await unet.stateDict();
      for (const [key, { data }] of golden) {
        if (!key.startsWith('adam.')) continue;
        const actual = after.get(key.slice(5))!.data as Float32Array;
        const differences = Array.from(data as Float32Array, (value, i) => Math.abs(value - actual[i]));
        expect(Math.max(...differences), key).toBeLessThanOrEqual(2 * 3e-4);
        expect(differences.filter((d) => d <= 1e-6).length / differences.length, key).toBeGreaterThan(0.999);
      }
      tf.dispose([x, output, noise, value, grads, coefficients, ...state.values()]);
      unet.dispose();
    });
  }, 120_000);
});
