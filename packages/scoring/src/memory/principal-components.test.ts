import { expectNoLeak, gauss } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';
import { beforeAll, expect, it } from 'vitest';
import { principalComponents } from './principal-components.js';

beforeAll(() => initOrt({ threads: 1 }));

/** Centred rows [n, c] whose columns mix independent ones with these standard deviations by an orthogonal matrix. */
function mixed(n: number, deviations: number[]) {
  const c = deviations.length;
  const z = gauss('z', [n, c]);
  // a Householder reflection
  const v = gauss('v', [c]);
  const norm = v.reduce((sum, x) => sum + x * x, 0);
  const basis = deviations.map((_, k) =>
    deviations.map((_, i) => (i === k ? 1 : 0) - (2 * v[i] * v[k]) / norm),
  );
  const rows = new Float32Array(n * c);
  for (let r = 0; r < n; r++)
    for (let i = 0; i < c; i++)
      for (let k = 0; k < c; k++) rows[r * c + i] += z[r * c + k] * deviations[k] * basis[k][i];
  return { rows, basis };
}

const column = (matrix: Float32Array, columns: number, k: number) =>
  Array.from({ length: matrix.length / columns }, (_, i) => matrix[i * columns + k]);
const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);

it('finds the directions of largest variance, orthonormal', async () => {
  await expectNoLeak(async () => {
    const deviations = [20, 12, 7, 4, ...Array.from({ length: 36 }, (_, i) => 1 - i / 100)];
    const { rows, basis } = mixed(4000, deviations);
    const x = tf.tensor2d(rows, [4000, 40]);
    const found = await principalComponents(x, { components: 4, seed: 1 });
    const columns = [0, 1, 2, 3].map((k) => column(found, 4, k));
    columns.forEach((a, k) => {
      expect(Math.abs(dot(a, basis[k]))).toBeGreaterThan(0.998);
      columns.forEach((b, l) => {
        expect(dot(a, b)).toBeCloseTo(k === l ? 1 : 0, 5);
      });
    });
    x.dispose();
  });
});

it('is a rotation where all are kept, and whitens to covariance 1', async () => {
  await expectNoLeak(async () => {
    const { rows } = mixed(500, [5, 3, 2, 1, 0.5]);
    const x = tf.tensor2d(rows, [500, 5]);
    const rotation = await principalComponents(x, { components: 5, seed: 2 });
    for (let k = 0; k < 5; k++)
      for (let l = 0; l < 5; l++)
        expect(dot(column(rotation, 5, k), column(rotation, 5, l))).toBeCloseTo(k === l ? 1 : 0, 5);
    const whitening = await principalComponents(x, { components: 3, whiten: true, seed: 2 });
    const covariance = tf.tidy(() => {
      const white = tf.matMul(x, tf.tensor2d(whitening, [5, 3]));
      return tf.div(tf.matMul(white, white, true), 500);
    });
    const values = await covariance.data();
    [1, 0, 0, 0, 1, 0, 0, 0, 1].forEach((expected, i) => {
      expect(values[i]).toBeCloseTo(expected, 4);
    });
    tf.dispose([x, covariance]);
  });
});

it('leaves directions without variance at zero', async () => {
  await expectNoLeak(async () => {
    const x = tf.tensor2d([1, 0, 0, -1, 0, 0], [2, 3]);
    const found = await principalComponents(x, { components: 3, seed: 0 });
    expect([...found].every(Number.isFinite)).toBe(true);
    expect(Math.abs(found[0])).toBeCloseTo(1, 6);
    x.dispose();
  });
});
