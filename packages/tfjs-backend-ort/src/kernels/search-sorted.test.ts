import * as tf from '@tensorflow/tfjs';
import { it } from 'vitest';
import { expectSame, useOrt } from '../../testing/against-cpu.js';

useOrt();

for (const length of [1, 2, 7, 16]) {
  it(`bounds among ${length}`, () =>
    expectSame(
      (x) => {
        const sequence = tf.round(tf.mul(tf.reverse(tf.topk(x, length).values, 1), 3)) as tf.Tensor2D;
        const values = tf.round(tf.mul(x, 4)) as tf.Tensor2D;
        return [tf.lowerBound(sequence, values), tf.upperBound(sequence, values)];
      },
      [[3, 16]],
    ));
}
