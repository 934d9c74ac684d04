import * as tf from '@tensorflow/tfjs';
import { projectRows } from './project-rows.js';
import type { Positions } from './sample-positions.js';

/** How joined features become vectors of a memory. */
export interface Embedding {
  mean: Float32Array;
  projection?: Float32Array;
  residual: boolean;
  positionWeight: number;
  grid: readonly [number, number];
}

/** Subtracts `mean` from every row of `values`, in place: there are many. */
export function centre(values: Float32Array, mean: Float32Array): void {
  for (let at = 0; at < values.length; at += mean.length) {
    for (let c = 0; c < mean.length; c++) values[at + c] -= mean[c];
  }
}

/** The vectors `[count, dimension]` of positions whose values are centred. */
export function embedPositions(
  { values, positions }: Positions,
  { mean, projection, residual, positionWeight, grid }: Embedding,
): tf.Tensor2D {
  const channels = mean.length;
  return tf.tidy(() => {
    const centred = tf.tensor2d(values, [positions.length, channels]);
    const rows = projection
      ? projectRows(centred, {
          projection: tf.tensor2d(projection, [channels, projection.length / channels]),
          residual,
        })
      : centred;
    if (positionWeight === 0) return rows;
    const [h, w] = grid;
    const places = Float32Array.from({ length: 2 * positions.length }, (_, i) => {
      const position = positions[i >> 1];
      const share = i % 2 === 0 ? (Math.floor(position / w) + 0.5) / h : ((position % w) + 0.5) / w;
      return share * positionWeight;
    });
    return tf.concat([rows, tf.tensor2d(places, [positions.length, 2])], 1) as tf.Tensor2D;
  });
}
