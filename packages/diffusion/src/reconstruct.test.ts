import { readFileSync } from 'node:fs';
import { startEngine } from '@ddad/nn';
import {
  expectNoLeak,
  gauss,
  goldenState,
  goldens,
  relativeError,
  testEngine,
  toNHWC,
  uniform,
} from '@ddad/testing';
import { readSafetensorsMetadata } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linearSchedule } from './linear-schedule.js';
import { createReconstructor, reconstruct } from './reconstruct.js';
import { UNet } from './unet.js';

const nchw = [2, 3, 32, 32];
const schedule = linearSchedule();
let unet: UNet;
let small: UNet;
beforeAll(async () => {
  await startEngine({ engine: testEngine });
  unet = new UNet({ imageSize: 32, baseChannels: 32, heads: 2 });
  unet.loadStateDict(goldenState('unet32'));
  small = new UNet({ imageSize: 16, baseChannels: 32, channelMultipliers: [1, 2], resBlocks: 1, seed: 3 });
  // the last layer starts at zero: give it values, so that the network says something
  const state = await small.stateDict();
  state.set('out.2.weight', { dtype: 'F32', shape: [3, 32, 3, 3], data: uniform('out', [3, 32, 3, 3], 0.1) });
  small.loadStateDict(state);
});
afterAll(() => {
  unet.dispose();
  small.dispose();
});

const image = (name: string) => tf.tensor4d(toNHWC(uniform(name, nchw), nchw), [2, 32, 32, 3]);
const photo = (name: string, n = 1) => tf.tensor4d(uniform(name, [n, 16, 16, 3]), [n, 16, 16, 3]);

describe.each([
  'reconstruction_w0_eta1_250_25',
  'reconstruction_w2_eta1_250_25',
  'reconstruction_w4_eta0_100_10',
])('%s', (name) => {
  it('equals the reference, with its noise', async () => {
    const golden = goldens(name);
    const settings = readSafetensorsMetadata(
      readFileSync(new URL(`../../../fixtures/${name}.safetensors`, import.meta.url)),
    );
    const { w, eta, start, skip } = Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [key, Number(value)]),
    );
    const expected = (key: string) => toNHWC(golden.get(key)!.data as Float32Array, nchw);
    const x = image('p.rec.x');
    const target = image('p.rec.y0');
    let draws = 0;
    const noise = () => {
      const values = gauss(draws === 0 ? 'p.rec.start' : `p.rec.step${draws - 1}`, nchw);
      draws++;
      return tf.tensor4d(toNHWC(values, nchw), [2, 32, 32, 3]);
    };
    let afterFirst: Float32Array | undefined;
    const result = await reconstruct(unet, x, {
      target,
      w,
      schedule,
      start,
      skip,
      eta,
      noise,
      onStep: async ({ step, x }) => {
        if (step === 1) afterFirst = Float32Array.from(await x.data());
      },
    });
    expect(draws).toBe(1 + start / skip);
    expect(relativeError(afterFirst!, expected('x_after_first'))).toBeLessThan(1e-3);
    expect(relativeError(await result.data(), expected('x_final'))).toBeLessThan(1e-3);
    tf.dispose([x, target, result]);
  });
});

it('gives an image the same reconstruction in any batch, by default', async () => {
  await expectNoLeak(async () => {
    const reconstructor = createReconstructor(small);
    const options = { w: 2, schedule, start: 100, skip: 50 };
    const a = photo('a');
    const b = photo('b');
    const both = tf.concat([b, a]);
    const alone = await reconstructor(a, { target: a, ...options });
    const together = await reconstructor(both, { target: both, ...options });
    const second = tf.slice(together, 1);
    expect(relativeError(await second.data(), await alone.data())).toBeLessThan(1e-5);
    tf.dispose([a, b, both, alone, together, second]);
    reconstructor.dispose();
  });
});

it('in few steps starts at the noise level it has, and predicts the clean image from the last', async () => {
  const x = photo('a');
  const target = photo('b');
  const values = uniform('noise', [1, 16, 16, 3]);
  const noise = () => tf.tensor4d(values, [1, 16, 16, 3]);
  const options = { target, w: 3, schedule, eta: 0, noise };
  // one step: x0 = (x_t - sigma e) / signal at t = start, whatever w is
  const one = await reconstruct(small, x, { ...options, start: 100, steps: 1 });
  const a = schedule.alphaBar(100);
  const expected = tf.tidy(() => {
    const n = noise();
    const xt = tf.add(tf.mul(x, Math.sqrt(a)), tf.mul(n, Math.sqrt(1 - a))) as tf.Tensor4D;
    return tf.div(tf.sub(xt, tf.mul(small.forward(xt, 100), Math.sqrt(1 - a))), Math.sqrt(a));
  });
  expect(relativeError(await one.data(), (await expected.data()) as Float32Array)).toBeLessThan(1e-5);

  // two steps by DDIM: the first pulled towards the target by w (1 - alphaBar) of the way
  const two = await reconstruct(small, x, { ...options, start: 100, steps: 2 });
  const byHand = tf.tidy(() => {
    const b = schedule.alphaBar(50);
    const xt = tf.add(tf.mul(x, Math.sqrt(a)), tf.mul(noise(), Math.sqrt(1 - a))) as tf.Tensor4D;
    const clean = tf.div(tf.sub(xt, tf.mul(small.forward(xt, 100), Math.sqrt(1 - a))), Math.sqrt(a));
    const pulled = tf.add(clean, tf.mul(tf.sub(target, clean), Math.min(3 * (1 - a), 1)));
    const eHat = tf.div(tf.sub(xt, tf.mul(pulled, Math.sqrt(a))), Math.sqrt(1 - a));
    const next = tf.add(tf.mul(pulled, Math.sqrt(b)), tf.mul(eHat, Math.sqrt(1 - b))) as tf.Tensor4D;
    return tf.div(tf.sub(next, tf.mul(small.forward(next, 50), Math.sqrt(1 - b))), Math.sqrt(b));
  });
  expect(relativeError(await two.data(), (await byHand.data()) as Float32Array)).toBeLessThan(1e-5);
  await expect(reconstruct(small, x, { ...options, steps: 0 })).rejects.toThrow(
    'needs whole steps in 1..start',
  );
  await expect(reconstruct(small, x, { ...options, steps: 2, skip: 5 })).rejects.toThrow(
    'needs either skip or steps',
  );
  tf.dispose([x, target, one, two, expected, byHand]);
});

it('takes the mean of the clean images predicted from several noise levels, whatever the target', async () => {
  const x = photo('a');
  const target = photo('b');
  const draws = [uniform('noise0', [1, 16, 16, 3]), uniform('noise1', [1, 16, 16, 3])];
  await expectNoLeak(async () => {
    let draw = 0;
    const noise = () => tf.tensor4d(draws[draw++], [1, 16, 16, 3]);
    const steps: number[] = [];
    const settings = { target, w: 3, schedule, levels: [50, 200] };
    const found = await reconstruct(small, x, {
      ...settings,
      noise,
      onStep: ({ step }) => void steps.push(step),
    });
    const expected = tf.tidy(() => {
      const clean = [50, 200].map((t, k) => {
        const a = schedule.alphaBar(t);
        const n = tf.tensor4d(draws[k], [1, 16, 16, 3]);
        const xt = tf.add(tf.mul(x, Math.sqrt(a)), tf.mul(n, Math.sqrt(1 - a))) as tf.Tensor4D;
        return tf.div(tf.sub(xt, tf.mul(small.forward(xt, t), Math.sqrt(1 - a))), Math.sqrt(a));
      });
      return tf.div(tf.addN(clean), 2);
    });
    expect(relativeError(await found.data(), (await expected.data()) as Float32Array)).toBeLessThan(1e-5);
    expect(steps).toEqual([1, 2]);
    const reason = new Error('enough');
    const run = reconstruct(small, x, { ...settings, signal: AbortSignal.abort(reason) });
    await expect(run).rejects.toBe(reason);
    await expect(reconstruct(small, x, { ...settings, levels: [] })).rejects.toThrow(
      'whole levels in 1..999',
    );
    await expect(reconstruct(small, x, { ...settings, levels: [0] })).rejects.toThrow('got [0]');
    await expect(reconstruct(small, x, { ...settings, steps: 2 })).rejects.toThrow('either levels or steps');
    tf.dispose([found, expected]);
  });
  tf.dispose([x, target]);
});

it('follows the weights when they change', async () => {
  const a = photo('a');
  const options = { target: a, w: 1, schedule, start: 50, skip: 25 };
  const before = await reconstruct(small, a, options);
  const state = await small.stateDict();
  const other = new UNet({ ...small.options, seed: 77 });
  const changed = await other.stateDict();
  changed.set('out.2.weight', state.get('out.2.weight')!);
  small.loadStateDict(changed);
  other.loadStateDict(changed);
  const after = await reconstruct(small, a, options);
  const fresh = await reconstruct(other, a, options);
  expect(relativeError(await after.data(), await fresh.data())).toBeLessThan(1e-6);
  expect(relativeError(await after.data(), await before.data())).toBeGreaterThan(1e-3);
  small.loadStateDict(state);
  other.dispose();
  tf.dispose([a, before, after, fresh]);
});

/** Without a compiled graph, as on tfjs's cpu, `forward` is called once for each run of the network. */
class CountedUNet extends UNet {
  runs = 0;
  override forward(...args: Parameters<UNet['forward']>): tf.Tensor4D {
    this.runs++;
    return super.forward(...args);
  }
}

describe('a signal', () => {
  it('ends the reconstruction before the next run of the network, with its reason', async () => {
    const backend = tf.getBackend();
    await tf.setBackend('cpu');
    try {
      await expectNoLeak(async () => {
        const options = { imageSize: 4, baseChannels: 32, channelMultipliers: [1], resBlocks: 1, heads: 1 };
        const counted = new CountedUNet(options);
        const x = tf.tensor4d(uniform('x', [1, 4, 4, 3]), [1, 4, 4, 3]);
        const settings = { target: x, w: 1, schedule, start: 100, skip: 10 };
        const whole = await reconstruct(counted, x, settings);
        expect(counted.runs).toBe(10);
        for (const after of [0, 1, 4]) {
          counted.runs = 0;
          const controller = new AbortController();
          const reason = new Error('enough');
          if (after === 0) controller.abort(reason);
          const run = reconstruct(counted, x, {
            ...settings,
            onStep: ({ step }) => {
              if (step === after) controller.abort(reason);
            },
            signal: controller.signal,
          });
          await expect(run).rejects.toBe(reason);
          expect(counted.runs).toBe(after);
        }
        // what was stopped leaves no trace in what comes after
        const again = await reconstruct(counted, x, settings);
        expect(Array.from(await again.data())).toEqual(Array.from(await whole.data()));
        tf.dispose([x, whole, again]);
        counted.dispose();
      });
    } finally {
      await tf.setBackend(backend);
    }
  });

  it('leaves nothing behind in a compiled graph', async () => {
    const a = photo('a');
    await expectNoLeak(async () => {
      const steps: number[] = [];
      const controller = new AbortController();
      const run = reconstruct(small, a, {
        target: a,
        w: 1,
        schedule,
        onStep: ({ step }) => {
          steps.push(step);
          if (step === 3) controller.abort();
        },
        signal: controller.signal,
      });
      await expect(run).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
      expect(steps).toEqual([1, 2, 3]);
    });
    a.dispose();
  });
});

it('refuses what it cannot do', async () => {
  const a = photo('a');
  const b = photo('b', 2);
  const options = { target: a, w: 1, schedule };
  await expect(reconstruct(small, a, { ...options, target: b })).rejects.toThrow(
    "reconstruct: needs a target of x's shape [1,16,16,3], got [2,16,16,3]",
  );
  await expect(reconstruct(small, a, { ...options, start: 1000 })).rejects.toThrow(
    'whole start in 1..999, got 1000',
  );
  await expect(reconstruct(small, a, { ...options, skip: 0 })).rejects.toThrow('whole skip >= 1, got 0');
  await expect(reconstruct(small, a, { ...options, eta: 2 })).rejects.toThrow('eta in [0, 1], got 2');
  await expect(reconstruct(small, a, { ...options, w: Number.NaN })).rejects.toThrow('finite w, got NaN');
  tf.dispose([a, b]);
});
