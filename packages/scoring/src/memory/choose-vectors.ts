import * as tf from '@tensorflow/tfjs';
import type { Coreset, FeatureMemory } from './feature-memory.js';
import { greedyCoreset } from './greedy-coreset.js';
import { sign } from './principal-components.js';

/** Columns that vectors are projected to before a greedy choice. */
const PROJECTED = 128;

export interface Choice {
  /** Rows, ascending. */
  chosen: Int32Array;
  radius: number;
}

/** The rows `[n, dimension]` that a memory keeps. A random sample keeps all: it has been drawn before. */
export async function chooseVectors(rows: tf.Tensor2D, { method, limit, seed }: Coreset): Promise<Choice> {
  const n = rows.shape[0];
  if (method === 'random' || n <= limit) {
    return { chosen: Int32Array.from({ length: n }, (_, i) => i), radius: 0 };
  }
  const projected = projectForChoice(rows, seed);
  try {
    const { chosen, radius } = await greedyCoreset(projected, { count: limit });
    return { chosen: chosen.sort(), radius };
  } finally {
    projected.dispose();
  }
}

/** Rows of `added` to take beside all rows of `kept`, at most `count`, until all of them are within `radius`. */
export async function chooseFurther(
  added: tf.Tensor2D,
  kept: tf.Tensor2D,
  { seed, radius, count }: { seed: number; radius: number; count: number },
): Promise<Choice> {
  const [rows, centres] = [added, kept].map((vectors) => projectForChoice(vectors, seed));
  try {
    const choice = await greedyCoreset(rows, { count, radius, centres });
    return { ...choice, chosen: choice.chosen.sort() };
  } finally {
    tf.dispose([rows, centres]);
  }
}

function projectForChoice(rows: tf.Tensor2D, seed: number): tf.Tensor2D {
  const dimension = rows.shape[1];
  if (dimension <= PROJECTED) return rows.clone();
  const scale = 1 / Math.sqrt(PROJECTED);
  const signs = Float32Array.from(
    { length: dimension * PROJECTED },
    (_, i) => sign(seed, Math.floor(i / PROJECTED), i % PROJECTED) * scale,
  );
  return tf.tidy(() => tf.matMul(rows, tf.tensor2d(signs, [dimension, PROJECTED])) as tf.Tensor2D);
}

/** The chosen rows as those of a memory. */
export async function pickVectors(
  rows: tf.Tensor2D,
  chosen: Int32Array,
  { images, positions }: { images: Int32Array; positions: Int32Array },
): Promise<Pick<FeatureMemory, 'vectors' | 'dimension' | 'images' | 'positions'>> {
  const picked = tf.tidy(() => tf.gather(rows, tf.tensor1d(chosen, 'int32')));
  const values = await picked.data();
  picked.dispose();
  return {
    vectors: Float32Array.from(values),
    dimension: rows.shape[1],
    images: Int32Array.from(chosen, (row) => images[row]),
    positions: Int32Array.from(chosen, (row) => positions[row]),
  };
}
