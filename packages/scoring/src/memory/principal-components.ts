import * as tf from '@tensorflow/tfjs';
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

/** +1 or -1. */
export function sign(seed: number, i: number, j: number): number {
  return hash(seed, i, j) & 1 ? 1 : -1;
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

/** Gram-Schmidt, twice for the sake of rounding; a direction that vanishes is left at 0. */
function orthonormal(rows: Float64Array[]): Float64Array[] {
  const out: Float64Array[] = [];
  for (const given of rows) {
    const row = given.slice();
    const before = Math.sqrt(dot(row, row));
    for (let pass = 0; pass < 2; pass++) {
      for (const other of out) {
        const share = dot(row, other);
        for (let i = 0; i < row.length; i++) row[i] -= share * other[i];
      }
    }
    const norm = Math.sqrt(dot(row, row));
    const scale = norm > 1e-10 * before ? 1 / norm : 0;
    out.push(row.map((value) => value * scale));
  }
  return out;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Eigenvalues, largest first, and the eigenvectors as rows, by Jacobi's rotations. */
function symmetricEigen(matrix: Float64Array[]): { values: number[]; vectors: Float64Array[] } {
  const n = matrix.length;
  const a = matrix.map((row) => row.slice());
  const v = a.map((_, i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
  const scale = Math.max(...a.map((row, i) => Math.abs(row[i])));
  for (let sweep = 0; sweep < 30; sweep++) {
    let largest = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        largest = Math.max(largest, Math.abs(a[p][q]));
        if (Math.abs(a[p][q]) <= 1e-14 * scale) continue;
        const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const cos = 1 / Math.hypot(t, 1);
        const sin = t * cos;
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[k][p], a[k][q]];
          a[k][p] = cos * x - sin * y;
          a[k][q] = sin * x + cos * y;
        }
        for (const rows of [a, v]) {
          const [x, y] = [rows[p], rows[q]];
          for (let k = 0; k < n; k++) {
            const [xk, yk] = [x[k], y[k]];
            x[k] = cos * xk - sin * yk;
            y[k] = sin * xk + cos * yk;
          }
        }
      }
    }
    if (largest <= 1e-12 * scale) break;
  }
  const order = a.map((_, i) => i).sort((i, j) => a[j][j] - a[i][i]);
  return { values: order.map((i) => a[i][i]), vectors: order.map((i) => v[i]) };
}
