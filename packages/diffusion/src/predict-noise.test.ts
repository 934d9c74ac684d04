import { gaussian, startEngine } from '@ddad/nn';
import { expectNoLeak, testEngine, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { fitGaussian } from './gaussian-model.js';
import { linearSchedule } from './linear-schedule.js';
import { predictNoise } from './predict-noise.js';
import { reconstruct } from './reconstruct.js';
import { noiseLevels, trainingLoss } from './training-loss.js';
import { UNet } from './unet.js';

const schedule = linearSchedule();
const size = 8;
const d = size * size * 3;
beforeAll(async () => {
  await startEngine({ engine: testEngine });
});

async function fitted(seed = 5) {
  const unet = new UNet({
    imageSize: size,
    baseChannels: 32,
    channelMultipliers: [1],
    resBlocks: 1,
    gaussianComponents: 4,
    seed,
  });
  const pictures = tf.tidy(() => {
    const along = tf.matMul(gaussian<tf.Rank.R2>(2, [30, 3]), gaussian<tf.Rank.R2>(3, [3, d]));
    return tf.reshape(tf.add(tf.mul(along, 0.2), tf.mul(gaussian(4, [30, d]), 0.1)), [30, size, size, 3]);
  }) as tf.Tensor4D;
  const model = await fitGaussian(pictures, { components: 4 });
  unet.setGaussian(model);
  return { unet, model, pictures };
}

/** x of A x = b, by elimination. */
function solve(a: number[][], b: number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i]]);
  for (let p = 0; p < b.length; p++) {
    for (let i = p + 1; i < b.length; i++) {
      const factor = rows[i][p] / rows[p][p];
      for (let j = p; j <= b.length; j++) rows[i][j] -= factor * rows[p][j];
    }
  }
  const x = new Array<number>(b.length).fill(0);
  for (let i = b.length - 1; i >= 0; i--) {
    const known = x.reduce((sum, value, j) => (j > i ? sum + rows[i][j] * value : sum), 0);
    x[i] = (rows[i][b.length] - known) / rows[i][i];
  }
  return x;
}

it('is the noise of the conditional mean, where the network says nothing yet', async () => {
  await expectNoLeak(async () => {
    const { unet, model, pictures } = await fitted();
    const times = [3, 400];
    const xt = gaussian<tf.Rank.R4>(9, [2, size, size, 3]);
    const levels = noiseLevels(times, schedule);
    const e = tf.tidy(() =>
      predictNoise(unet, xt, {
        t: tf.tensor1d(times),
        signal: tf.tensor4d(levels.signal, [2, 1, 1, 1]),
        sigma: tf.tensor4d(levels.sigma, [2, 1, 1, 1]),
      }),
    );
    const [found, values] = [await e.data(), await xt.data()];
    const [mean, u, variances] = await Promise.all([
      model.mean.data(),
      model.components.array(),
      model.variances.data(),
    ]);
    const residual = (await model.residual.data())[0];
    for (const [n, t] of times.entries()) {
      const s = Math.sqrt(schedule.alphaBar(t));
      const noise = Math.sqrt(1 - schedule.alphaBar(t));
      const y = Array.from({ length: d }, (_, i) => values[n * d + i] - s * mean[i]);
      const covariance = y.map((_, i) =>
        y.map((_, j) =>
          u.reduce(
            (sum, row, k) => sum + (variances[k] - residual) * row[i] * row[j],
            i === j ? residual : 0,
          ),
        ),
      );
      const system = covariance.map((row, i) => row.map((v, j) => s * s * v + (i === j ? noise * noise : 0)));
      const z = solve(system, y);
      const x0 = covariance.map((row) => s * row.reduce((sum, v, j) => sum + v * z[j], 0));
      for (let i = 0; i < d; i++) expect(found[n * d + i]).toBeCloseTo((y[i] - s * x0[i]) / noise, 3);
    }
    tf.dispose([e, xt, pictures, ...Object.values(model)]);
    unet.dispose();
  });
});

it('has the loss of the conditional mean before training, in units of its variance across the components', async () => {
  await expectNoLeak(async () => {
    const { unet, model, pictures } = await fitted();
    const noise = gaussian<tf.Rank.R4>(11, pictures.shape);
    const variances = [...(await model.variances.data())];
    const residual = (await model.residual.data())[0];
    for (const t of [5, 100, 600]) {
      const alphaBar = schedule.alphaBar(t);
      const left = (variance: number) =>
        (variance * (1 - alphaBar)) / (alphaBar * variance + 1 - alphaBar) / residual;
      const unit = left(residual);
      const expected = variances.reduce((sum, v) => sum + left(v) / unit, d - variances.length);
      const loss = trainingLoss(unet, pictures, { t: new Array(30).fill(t), noise, schedule });
      expect(Math.abs((await loss.data())[0] / expected - 1)).toBeLessThan(0.15);
      loss.dispose();
    }
    tf.dispose([noise, pictures, ...Object.values(model)]);
    unet.dispose();
  });
});

it('adds what the network says', async () => {
  await expectNoLeak(async () => {
    const { unet, model, pictures } = await fitted();
    const xt = gaussian<tf.Rank.R4>(9, [1, size, size, 3]);
    const predict = () =>
      tf.tidy(() =>
        predictNoise(unet, xt, { t: tf.tensor1d([100]), signal: tf.scalar(0.8), sigma: tf.scalar(0.6) }),
      );
    const before = predict();
    const state = await unet.stateDict();
    const shape = state.get('out.2.bias')!.shape;
    state.set('out.2.bias', { dtype: 'F32', shape, data: new Float32Array([0.5, 0, -0.5]) });
    unet.loadStateDict(state);
    const after = predict();
    const residual = (await model.residual.data())[0];
    // x0 moves by the output times its standard deviation, the noise by -signal / sigma of that
    const unit = Math.sqrt(residual) / Math.sqrt(0.64 * residual + 0.36);
    const [a, b] = [await before.data(), await after.data()];
    for (let i = 0; i < d; i++) expect(b[i] - a[i]).toBeCloseTo(-0.8 * unit * [0.5, 0, -0.5][i % 3], 4);
    tf.dispose([xt, before, after, pictures, ...Object.values(model)]);
    unet.dispose();
  });
});

it('goes with the weights, and is read by a reconstruction', async () => {
  await expectNoLeak(async () => {
    const { unet, model, pictures } = await fitted();
    const copy = new UNet({ ...unet.options, seed: 77 });
    const x = tf.tensor4d(uniform('x', [1, size, size, 3]), [1, size, size, 3]);
    const settings = { target: x, w: 0, schedule, levels: [200] };
    const first = await reconstruct(copy, x, settings);
    copy.loadStateDict(await unet.stateDict());
    const loaded = await reconstruct(copy, x, settings);
    const expected = await reconstruct(unet, x, settings);
    const [a, b, c] = await Promise.all([first.data(), loaded.data(), expected.data()]);
    expect(b).toEqual(c);
    expect(a).not.toEqual(c);
    tf.dispose([x, first, loaded, expected, pictures, ...Object.values(model)]);
    unet.dispose();
    copy.dispose();
  });
});

it('refuses a model of another shape', async () => {
  await expectNoLeak(async () => {
    const { unet, model, pictures } = await fitted();
    const plain = new UNet({ imageSize: size, baseChannels: 32, channelMultipliers: [1], resBlocks: 1 });
    expect(() => plain.setGaussian(model)).toThrow('gaussianComponents (0), got one of 4');
    const other = { ...model, mean: tf.zeros([4, 4, 3]) as tf.Tensor3D };
    expect(() => unet.setGaussian(other)).toThrow('a model of [8, 8, 3], got one of [4,4,3]');
    tf.dispose([other.mean, pictures, ...Object.values(model)]);
    plain.dispose();
    unet.dispose();
  });
});
