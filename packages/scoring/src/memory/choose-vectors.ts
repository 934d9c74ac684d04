import * as tf from '@tensorflow/tfjs';
import type { Coreset } from './feature-memory.js';
import { greedyCoreset } from './greedy-coreset.js';
import { projectForChoice } from './project-for-choice.js';

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
