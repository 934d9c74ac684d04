import * as tf from '@tensorflow/tfjs';
import { compile } from 'tfjs-backend-ort';

const channels = 64;
const layers = 8;
const largestSide = 512;

/**
 * Speed of tfjs's current backend in GFLOP/s (two operations per multiply-add): eight 3x3 convolutions of 64
 * channels in a row, float32, weights frozen, at the first of the sides 32, 64, ..., 512 that takes 20 ms; the best
 * of three runs.
 */
export async function probeSpeed(): Promise<number> {
  const kernel = tf.variable(tf.fill([3, 3, channels, channels], 1 / (9 * channels)) as tf.Tensor4D);
  // The last value alone is read back: it waits for the convolutions and copies next to nothing.
  const last = compile(
    (x: tf.Tensor4D) => {
      let y = x;
      for (let layer = 0; layer < layers; layer++) y = tf.conv2d(y, kernel, 1, 'same');
      return tf.slice(y, [0, x.shape[1] - 1, x.shape[2] - 1, channels - 1], [1, 1, 1, 1]);
    },
    { freeze: [kernel] },
  );
  try {
    for (let side = 32; ; side *= 2) {
      const x = tf.ones([1, side, side, channels]) as tf.Tensor4D;
      try {
        await milliseconds(last, x); // compiles
        const first = await milliseconds(last, x);
        if (first < 20 && side < largestSide) continue;
        const best = Math.min(first, await milliseconds(last, x), await milliseconds(last, x));
        return (layers * 2 * 9 * channels ** 2 * side ** 2) / (best * 1e6);
      } finally {
        x.dispose();
      }
    }
  } finally {
    last.dispose();
    kernel.dispose();
  }
}

async function milliseconds(run: (x: tf.Tensor4D) => Promise<tf.Tensor>, x: tf.Tensor4D): Promise<number> {
  const start = performance.now();
  const y = await run(x);
  await y.data();
  const end = performance.now();
  y.dispose();
  return end - start;
}
