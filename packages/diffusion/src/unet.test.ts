import { adam, startEngine, toTorch } from '@ddad/nn';
import {
  expectNoLeak,
  gauss,
  goldenJson,
  goldenState,
  goldens,
  relativeError,
  testEngine,
  toNHWC,
  uniform,
} from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { linearSchedule } from './linear-schedule.js';
import { trainingLoss } from './training-loss.js';
import { UNet } from './unet.js';

beforeAll(async () => {
  await startEngine({ engine: testEngine });
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
      expect(shapes).toEqual(Object.entries(goldenJson<Record<string, number[]>>(`${name}.keys`)));
      unet.dispose();
    });
  });

  it('equals the reference: output', async () => {
    await expectNoLeak(async () => {
      const unet = new UNet({ imageSize: size, baseChannels, heads });
      unet.loadStateDict(goldenState(name));
      const x = image(`${tag}x`, [2, 3, size, size]);
      const output = unet.forward(x, [3, 611]);
      expect(relativeError(await output.data(), toNHWC(expected('output'), [2, 3, size, size]))).toBeLessThan(
        1e-4,
      );
      tf.dispose([x, output]);
      unet.dispose();
    });
  }, 300_000);

  it('equals the reference: loss, gradients, one Adam step', async () => {
    await expectNoLeak(async () => {
      const unet = new UNet({ imageSize: size, baseChannels, heads });
      unet.loadStateDict(goldenState(name));
      const x = image(`${tag}x`, [2, 3, size, size]);
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
        expect(
          differences.every((d) => d <= 2 * 3e-4),
          key,
        ).toBe(true);
        expect(differences.filter((d) => d <= 1e-6).length / differences.length, key).toBeGreaterThan(0.999);
      }
      tf.dispose([x, noise, value, grads, coefficients, ...state.values()]);
      unet.dispose();
    });
  });
});

it('equals the reference at 256 px', async () => {
  const golden = goldens('unet256');
  const unet = new UNet({ imageSize: 256, baseChannels: 32, heads: 2 });
  unet.loadStateDict(goldenState('unet256'));
  const x = image('p.unet256.x', [1, 3, 256, 256]);
  const output = unet.forward(x, 250);
  const values = tf.slice(output, [0, 0, 0, 0], [1, 256, 256, 3]);
  const every4th = tf.stridedSlice(values, [0, 0, 0, 0], [1, 256, 256, 3], [1, 4, 4, 1]);
  const { mean, variance } = tf.moments(values);
  const std = tf.tidy(() => tf.sqrt(tf.mul(variance, values.size / (values.size - 1))));
  const data = (key: string) => golden.get(key)!.data as Float32Array;
  expect(relativeError(await every4th.data(), toNHWC(data('output_every_4th'), [1, 3, 64, 64]))).toBeLessThan(
    1e-4,
  );
  expect(relativeError(await mean.data(), data('mean'))).toBeLessThan(1e-4);
  expect(relativeError(await std.data(), data('std'))).toBeLessThan(1e-4);
  tf.dispose([x, output, values, every4th, mean, variance, std]);
  unet.dispose();
});

it.each([
  { preset: 'DDAD', options: { imageSize: 256, baseChannels: 64, heads: 4 }, count: 32_952_707 },
  { preset: 'DDAD-S', options: { imageSize: 256, baseChannels: 32, heads: 2 }, count: 8_257_731 },
])('$preset has $count parameters', ({ options, count }) => {
  const unet = new UNet(options);
  expect(unet.parameterCount).toBe(count);
  unet.dispose();
});

it('builds DDAD at 512 px with a first level of half the width', async () => {
  const unet = new UNet({ imageSize: 512, baseChannels: 64, heads: 4 });
  const state = await unet.stateDict();
  expect(state.get('down.0.0.weight')!.shape).toEqual([32, 3, 3, 3]);
  expect(state.get('out.2.weight')!.shape).toEqual([3, 32, 3, 3]);
  unet.dispose();
});

it('works on squares of pixels as a network of that size on their channels', async () => {
  await expectNoLeak(async () => {
    const options = {
      baseChannels: 32,
      channelMultipliers: [1, 2],
      resBlocks: 1,
      attentionResolutions: [4],
      heads: 2,
    };
    const patched = new UNet({ ...options, imageSize: 16, patch: 2 });
    const plain = new UNet({ ...options, imageSize: 8, inChannels: 12 });
    const state = await plain.stateDict();
    state.set('out.2.weight', {
      dtype: 'F32',
      shape: [12, 32, 3, 3],
      data: uniform('out', [12, 32, 3, 3], 0.1),
    });
    plain.loadStateDict(state);
    patched.loadStateDict(state);
    const values = uniform('x', [2, 16, 16, 3]);
    const cells = new Float32Array(values.length);
    // value (n, y, x, c) of the picture is channel (y % 2, x % 2, c) of position (y >> 1, x >> 1)
    const cell = (n: number, y: number, x: number, c: number) =>
      (((n * 8 + (y >> 1)) * 8 + (x >> 1)) * 4 + (y % 2) * 2 + (x % 2)) * 3 + c;
    const order = Array.from(values, (_, i) =>
      cell(Math.floor(i / 768), Math.floor(i / 48) % 16, Math.floor(i / 3) % 16, i % 3),
    );
    values.forEach((value, i) => {
      cells[order[i]] = value;
    });
    const x = tf.tensor4d(values, [2, 16, 16, 3]);
    const y = tf.tensor4d(cells, [2, 8, 8, 12]);
    const [a, b] = [patched.forward(x, [3, 600]), plain.forward(y, [3, 600])];
    const [found, expected] = [await a.data(), await b.data()];
    expect(a.shape).toEqual([2, 16, 16, 3]);
    expect(
      relativeError(
        found,
        Float32Array.from(order, (i) => expected[i]),
      ),
    ).toBeLessThan(1e-6);
    tf.dispose([x, y, a, b]);
    patched.dispose();
    plain.dispose();
  });
});

it('refuses what cannot be built or run', () => {
  expect(() => new UNet({ imageSize: 96, patch: 2, baseChannels: 32 })).toThrow(
    'imageSize 96 in patches of 2',
  );
  expect(() => new UNet({ imageSize: 36, patch: 4, baseChannels: 32, channelMultipliers: [1, 2] })).toThrow(
    '2 levels of patches of 4 need an imageSize divisible by 8, got 36',
  );
  expect(() => new UNet({ imageSize: 32, baseChannels: 32, gaussianComponents: -1 })).toThrow(
    'gaussianComponents to be a whole number >= 0, got -1',
  );
  expect(() => new UNet({ imageSize: 512, baseChannels: 32, heads: 2 })).toThrow(
    'UNet: level 0 would have 16 channels (0.5 x 32), but group normalisation needs a multiple of 32',
  );
  expect(() => new UNet({ imageSize: 96, baseChannels: 32 })).toThrow(
    'UNet: no default channelMultipliers for imageSize 96 (known: 32, 64, 128, 256, 512)',
  );
  expect(() => new UNet({ imageSize: 30, baseChannels: 32, channelMultipliers: [1, 2, 2] })).toThrow(
    'UNet: 3 levels need an imageSize divisible by 4, got 30',
  );
  expect(() => new UNet({ imageSize: 32, baseChannels: 32, heads: 5 })).toThrow('not divisible by 5 heads');
  expect(() => new UNet({ imageSize: 32, baseChannels: 32, headChannels: 0 })).toThrow(
    'UNet: needs headChannels to be -1 or a whole number >= 1, got 0',
  );
  expect(() => new UNet({ imageSize: 32, baseChannels: 32, attentionResolutions: [16, 0] })).toThrow(
    'UNet: needs attentionResolutions to be whole numbers >= 1, got 0',
  );
  const unet = new UNet({ imageSize: 32, baseChannels: 32, channelMultipliers: [1], resBlocks: 1 });
  const x = tf.zeros<tf.Rank.R4>([2, 32, 32, 1]);
  expect(() => unet.forward(x, 3)).toThrow(
    'UNet.forward: needs x of shape [n, 32, 32, 3] (NHWC), got [2,32,32,1]',
  );
  x.dispose();
  unet.dispose();
});

it('reports what does not fit and changes nothing', async () => {
  const unet = new UNet({ imageSize: 32, baseChannels: 32, channelMultipliers: [1], resBlocks: 1 });
  const before = await unet.stateDict();
  const state = new Map(
    [...before].map(([name, t]) => [name, { ...t, data: new Float32Array(t.data.length) }]),
  );
  state.delete('out.2.bias');
  state.set('extra', { dtype: 'F32', shape: [1], data: new Float32Array(1) });
  state.set('out.0.bias', { dtype: 'F32', shape: [31], data: new Float32Array(31) });
  expect(() => unet.loadStateDict(state)).toThrow(
    'UNet.loadStateDict: the state dict does not fit: 1 missing (out.2.bias), 1 unexpected (extra), ' +
      '1 misshapen (out.0.bias: needs [32], got [31])',
  );
  expect(await unet.stateDict()).toEqual(before);
  unet.dispose();
});

it.each(['module.', '_orig_mod.', 'model.module.'])(
  'accepts the prefix %s of a wrapper, and the count of an average',
  async (prefix) => {
    const unet = new UNet({
      imageSize: 32,
      baseChannels: 32,
      channelMultipliers: [1],
      resBlocks: 1,
      seed: 1,
    });
    const other = new UNet({
      imageSize: 32,
      baseChannels: 32,
      channelMultipliers: [1],
      resBlocks: 1,
      seed: 2,
    });
    const state = await unet.stateDict();
    const wrapped = new Map([...state].map(([name, tensor]) => [`${prefix}${name}`, tensor]));
    wrapped.set('n_averaged', { dtype: 'I64', shape: [], data: new BigInt64Array([2n]) });
    other.loadStateDict(wrapped);
    expect(await other.stateDict()).toEqual(state);
    unet.dispose();
    other.dispose();
  },
);
