import { gaussian, startEngine } from '@ddad/nn';
import { expectNoLeak, testEngine } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { fitGaussian } from './gaussian-model.js';

beforeAll(async () => {
  await startEngine({ engine: testEngine });
});

/** Pictures [n, 4, 4, 3] with standard deviations 2, 0.8 and 0.1 along the first, second and all other values. */
function pictures(n: number, seed = 1): tf.Tensor4D {
  return tf.tidy(() => {
    const std = tf.tensor1d([2, 0.8, ...new Array(46).fill(0.1)]);
    const mean = tf.linspace(-1, 1, 48);
    return tf.reshape(tf.add(tf.mul(gaussian<tf.Rank.R2>(seed, [n, 48]), std), mean), [n, 4, 4, 3]);
  });
}

it('finds mean, directions and variances of a distribution that is known', async () => {
  await expectNoLeak(async () => {
    const images = pictures(250);
    const model = await fitGaussian(images, { components: 2 });
    const [mean, components, variances] = await Promise.all([
      model.mean.data(),
      model.components.array(),
      model.variances.data(),
    ]);
    expect(model.mean.shape).toEqual([4, 4, 3]);
    for (let i = 2; i < 48; i++) expect(Math.abs(mean[i] - (-1 + (2 * i) / 47))).toBeLessThan(0.03);
    expect(Math.abs(components[0][0])).toBeGreaterThan(0.999);
    expect(Math.abs(components[1][1])).toBeGreaterThan(0.995);
    const sampled = tf.tidy(() => tf.moments(tf.reshape(images, [250, 48]), 0).variance.dataSync());
    expect(Math.abs(variances[0] / sampled[0] - 1)).toBeLessThan(0.02);
    expect(Math.abs(variances[1] / sampled[1] - 1)).toBeLessThan(0.05);
    expect(Math.abs((await model.residual.data())[0] / 0.01 - 1)).toBeLessThan(0.05);
    tf.dispose([images, ...Object.values(model)]);
  });
});

it('has orthonormal components, and zeros where the pictures are too few for more', async () => {
  await expectNoLeak(async () => {
    const images = pictures(10);
    const model = await fitGaussian(images, { components: 5 });
    const products = tf.matMul(model.components, model.components, false, true);
    const expected = [0, 1, 2, 3, 4].map((i) => [0, 1, 2, 3, 4].map((j) => (i === j && i < 3 ? 1 : 0)));
    const found = (await products.array()) as number[][];
    for (const [i, row] of found.entries())
      for (const [j, value] of row.entries()) expect(value).toBeCloseTo(expected[i][j], 4);
    const variances = await model.variances.data();
    expect(variances[4]).toBe((await model.residual.data())[0]);
    tf.dispose([images, products, ...Object.values(model)]);
  });
});

it('takes equal pictures, a single one and more than it looks at', async () => {
  await expectNoLeak(async () => {
    for (const images of [
      tf.fill([6, 4, 4, 3], 0.25),
      tf.fill([1, 4, 4, 3], 0.25),
      pictures(300),
    ] as tf.Tensor4D[]) {
      const model = await fitGaussian(images, { components: 4 });
      for (const tensor of Object.values(model) as tf.Tensor[])
        expect((await tensor.data()).every(Number.isFinite)).toBe(true);
      expect((await model.residual.data())[0]).toBeGreaterThan(0);
      tf.dispose([images, ...Object.values(model)]);
    }
  });
});

it('says what it needs', async () => {
  await expectNoLeak(async () => {
    const none = tf.zeros([0, 4, 4, 3]) as tf.Tensor4D;
    const poisoned = tf.fill([3, 4, 4, 3], Number.NaN) as tf.Tensor4D;
    await expect(fitGaussian(none)).rejects.toThrow('needs at least one image, got none');
    await expect(fitGaussian(poisoned)).rejects.toThrow('needs finite images');
    await expect(fitGaussian(poisoned, { components: 0 })).rejects.toThrow('components >= 1, got 0');
    tf.dispose([none, poisoned]);
  });
});
