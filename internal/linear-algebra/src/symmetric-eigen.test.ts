import { expect, it } from 'vitest';
import { symmetricEigen } from './symmetric-eigen.js';

it('finds the values and vectors of a matrix that is known', () => {
  const { values, vectors } = symmetricEigen([
    [2, 1],
    [1, 2],
  ]);
  expect(values[0]).toBeCloseTo(3, 12);
  expect(values[1]).toBeCloseTo(1, 12);
  expect(vectors[0][0] / vectors[0][1]).toBeCloseTo(1, 12);
  expect(vectors[1][0] / vectors[1][1]).toBeCloseTo(-1, 12);
});

it('decomposes a random matrix, singular or not: A v = value v, orthonormal, largest first', () => {
  for (const [n, rank] of [
    [1, 1],
    [7, 7],
    [40, 40],
    [40, 5],
  ]) {
    const rows = Array.from({ length: n * rank }, (_, i) => Math.sin(i * i + n));
    const a = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => {
        let sum = 0;
        for (let k = 0; k < rank; k++) sum += rows[i * rank + k] * rows[j * rank + k];
        return sum;
      }),
    );
    const { values, vectors } = symmetricEigen(a);
    const dot = (x: ArrayLike<number>, y: Float64Array) => y.reduce((sum, value, i) => sum + x[i] * value, 0);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        expect(dot(a[j], vectors[i])).toBeCloseTo(values[i] * vectors[i][j], 8);
        expect(dot(vectors[i], vectors[j])).toBeCloseTo(Number(i === j), 10);
      }
      if (i > 0) expect(values[i]).toBeLessThanOrEqual(values[i - 1]);
      if (i >= rank) expect(Math.abs(values[i])).toBeLessThan(1e-9);
    }
  }
});

it('leaves a matrix of zeros alone', () => {
  const { values, vectors } = symmetricEigen([
    [0, 0],
    [0, 0],
  ]);
  expect(values).toEqual([0, 0]);
  expect(vectors.map((vector) => [...vector])).toEqual([
    [1, 0],
    [0, 1],
  ]);
});
