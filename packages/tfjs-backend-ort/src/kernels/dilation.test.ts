import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import { expectGradientsOfDifferences, expectSame, useOrt } from '../../testing/against-cpu.js';

useOrt();

describe('greyscale dilation', () => {
  for (const [stride, pad, rate] of [
    [1, 'same', 1],
    [2, 'valid', 1],
    [1, 'valid', 2],
  ] as [number, 'same' | 'valid', number][]) {
    const f = (x: tf.Tensor, w: tf.Tensor) =>
      tf.dilation2d(x as tf.Tensor4D, w as tf.Tensor3D, stride, pad, rate);
    const shapes = [
      [1, 5, 6, 2],
      [2, 3, 2],
    ];
    it(`stride ${stride} ${pad} rate ${rate}`, () => expectSame(f, shapes));
    it(`stride ${stride} ${pad} rate ${rate} gradients`, () =>
      expectGradientsOfDifferences(f, shapes, { step: 1e-3 }));
  }
});
