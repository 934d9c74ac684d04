import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import { expectSame, useOrt } from '../../testing/against-cpu.js';

useOrt();

describe('crop and resize', () => {
  const boxes = () =>
    tf.tensor2d([
      [0, 0, 1, 1],
      [0.1, 0.72, 0.8, 0.2],
      [-0.5, 0.2, 1.3, 0.6],
    ]);
  for (const method of ['bilinear', 'nearest'] as const) {
    for (const size of [[3, 5] as [number, number], [1, 1] as [number, number]]) {
      it(`${method} ${size}`, () =>
        expectSame(
          (x) =>
            tf.image.cropAndResize(
              x as tf.Tensor4D,
              boxes(),
              tf.tensor1d([1, 0, 1], 'int32'),
              size,
              method,
              0.25,
            ),
          [[2, 7, 6, 3]],
        ));
    }
  }
});

it('rotation', () =>
  expectSame(
    (x) => [
      tf.image.rotateWithOffset(x as tf.Tensor4D, 0.7, 0.5),
      tf.image.rotateWithOffset(x as tf.Tensor4D, -2, [0.1, 0.2, 0.3], [0.2, 0.8]),
      tf.image.flipLeftRight(x as tf.Tensor4D),
    ],
    [[2, 7, 6, 3]],
  ));

describe('projective transform', () => {
  for (const fillMode of ['constant', 'reflect', 'wrap', 'nearest'] as const) {
    for (const interpolation of ['nearest', 'bilinear'] as const) {
      it(`${fillMode} ${interpolation}`, () =>
        expectSame(
          (x) =>
            tf.image.transform(
              x as tf.Tensor4D,
              tf.tensor2d([[0.9, 0.31, -3.2, -0.23, 1.1, 2.7, 0.011, 0.013]]),
              interpolation,
              fillMode,
              0.5,
              [6, 9],
            ),
          [[1, 7, 6, 3]],
          { error: 1e-4 },
        ));
    }
  }
});
