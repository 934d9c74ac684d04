import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import { expectSame, gradsOf, useOrt } from '../../testing/against-cpu.js';

useOrt();

describe('3-D convolution', () => {
  const cases: [number[], number, 'same' | 'valid'][] = [
    [[3, 3, 3, 2, 3], 1, 'same'],
    [[2, 3, 1, 2, 3], 1, 'valid'],
    [[3, 2, 3, 2, 2], 2, 'same'],
    [[1, 1, 1, 2, 4], 2, 'valid'],
  ];
  for (const [filter, stride, pad] of cases) {
    const f = (x: tf.Tensor, w: tf.Tensor) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, stride, pad);
    it(`[${filter}] stride ${stride} ${pad}`, () => expectSame(f, [[2, 5, 4, 6, 2], filter]));
    it(`[${filter}] stride ${stride} ${pad} gradients`, () =>
      expectSame(gradsOf(f), [[2, 5, 4, 6, 2], filter], { error: 1e-4 }));
  }
  it('dilated', () =>
    expectSame(
      (x, w) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, 1, 'same', 'NDHWC', 2),
      [
        [1, 6, 5, 6, 2],
        [3, 3, 3, 2, 2],
      ],
    ));
  it('transposed', () =>
    expectSame(
      (x, w) => tf.conv3dTranspose(x as tf.Tensor5D, w as tf.Tensor5D, [1, 4, 6, 4, 3], 2, 'same'),
      [
        [1, 2, 3, 2, 2],
        [3, 3, 3, 3, 2],
      ],
    ));
});
