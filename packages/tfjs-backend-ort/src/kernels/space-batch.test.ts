import * as tf from '@tensorflow/tfjs';
import { it } from 'vitest';
import { expectSame, gradsOf, useOrt } from '../../testing/against-cpu.js';

useOrt();

const toBatch = (x: tf.Tensor) =>
  tf.spaceToBatchND(
    x,
    [2, 3],
    [
      [1, 2],
      [0, 1],
    ],
  );
const toSpace = (x: tf.Tensor) =>
  tf.batchToSpaceND(
    x,
    [2, 2],
    [
      [1, 0],
      [0, 2],
    ],
  );

it('space to batch', () => expectSame((x) => toBatch(tf.transpose(x, [0, 2, 1, 3])), [[2, 5, 5, 3]]));
it('batch to space', () => expectSame(toSpace, [[8, 3, 4, 2]]));
it('gradients', async () => {
  await expectSame(gradsOf(toBatch), [[2, 5, 5, 3]]);
  await expectSame(gradsOf(toSpace), [[8, 3, 4, 2]]);
});
it('pooling with dilation', () =>
  expectSame((x) => tf.pool(x as tf.Tensor4D, 2, 'max', 'same', 2, 1), [[1, 6, 5, 2]]));
