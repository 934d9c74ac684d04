import * as tf from '@tensorflow/tfjs';
import { it } from 'vitest';
import { expectSame, useOrt } from '../../testing/against-cpu.js';

useOrt();

for (const exclusive of [false, true]) {
  for (const reverse of [false, true]) {
    it(`running sums and products, exclusive ${exclusive}, reverse ${reverse}`, () =>
      expectSame(
        (x) => [
          tf.cumprod(x, 1, exclusive, reverse),
          tf.cumprod(tf.transpose(x), 1, exclusive, reverse),
          tf.cumsum(x, 1, exclusive, reverse),
          tf.cumsum(tf.transpose(x), 1, exclusive, reverse),
        ],
        [[4, 7]],
        { scale: 2 },
      ));
  }
}
