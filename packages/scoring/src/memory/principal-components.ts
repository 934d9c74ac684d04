import { symmetricEigen } from '@ddad/linear-algebra';
import * as tf from '@tensorflow/tfjs';
import { dot, orthonormal } from './orthonormal.js';
import { hash } from './sample-positions.js';

export interface PrincipalComponentsOptions {
  /** How many, at most the columns. */
  components: number;
  /** Scales every component to variance 1. @default false */
  whiten?: boolean;
  seed: number;
}

/** Directions beside those asked for, which speed up convergence; and rounds. */
const EXTRA = 16;
const ROUNDS = 12;

/**
 * Principal components by subspace iteration on the covariance (Halko, Martinsson & Tropp 2011, with a seeded start).
 *
 * @param rows `[n, c]`, centred
 * @returns `[c, components]`, row-major: orthonormal columns, the largest variance first; whitened: each divided by its
 * standard deviation (that of a thousandth of the largest at least)
 */
export async function principalComponents(
  rows: tf.Tensor2D,
  { components, whiten = false, seed }: PrincipalComponentsOptions,
): Promise<Float32Array> {
  const [n, c] = rows.shape;
  const count = Math.min(c, components + EXTRA);
  const covariance = tf.tidy(() => tf.div(tf.matMul(rows, rows, true, false), n) as tf.Tensor2D);
  try {
    let basis = orthonormal(
      Array.from({ length: count }, (_, j) =>
        Float64Array.from({ length: c }, (_, i) => hash(seed, i, j) / 2 ** 32 - 0.5),
      ),
    );
    // Columns are rows here: [count, c] times the symmetric covariance.
    let image = await multiply(basis, covariance);
    for (let round = 0; round < ROUNDS; round++) {
      basis = orthonormal(image);
      image = await multiply(basis, covariance);
    }
    const small = basis.map((a) => Float64Array.from(image, (b) => dot(a, b)));
    const { values, vectors } = symmetricEigen(small);
    const out = new Float32Array(c * components);
    for (let k = 0; k < components; k++) {
      const scale = whiten ? 1 / Math.sqrt(Math.max(values[k], 1e-6 * values[0])) : 1;
      for (let i = 0; i < c; i++) {
        let sum = 0;
        for (let j = 0; j < count; j++) sum += basis[j][i] * vectors[k][j];
        out[i * components + k] = sum * scale;
      }
    }
    return out;
  } finally {
    covariance.dispose();
  }
}

async function multiply(basis: Float64Array[], matrix: tf.Tensor2D): Promise<Float64Array[]> {
  const c = matrix.shape[0];
  const flat = new Float32Array(basis.length * c);
  basis.forEach((row, j) => {
    flat.set(row, j * c);
  });
  const product = tf.tidy(() => tf.matMul(tf.tensor2d(flat, [basis.length, c]), matrix));
  const values = await product.data();
  product.dispose();
  return basis.map((_, j) => Float64Array.from(values.subarray(j * c, (j + 1) * c)));
}
