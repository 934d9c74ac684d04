import { expectNoLeak, relativeError, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { expectSame, useOrt } from '../../testing/against-cpu.js';

useOrt();

it('contracts, sums and permutes', () =>
  expectSame(
    (a, b) => [
      tf.einsum('bij,bjk->bik', a, b),
      tf.einsum('bij->jb', a),
      tf.einsum('bij->', a),
      tf.einsum('bij,bij->b', a, a),
      tf.einsum(
        'ij,jk->ik',
        tf.tensor2d([[1, 2]], [1, 2], 'int32'),
        tf.tensor2d([[3], [4]], [2, 1], 'int32'),
      ),
    ],
    [
      [2, 3, 4],
      [2, 4, 5],
    ],
  ));

// tfjs's cpu keeps an axis too many where both inputs have an axis of their own to sum.
it('sums over axes of both inputs', () =>
  expectNoLeak(async () => {
    await tf.setBackend('ort');
    const [actual, expected] = tf.tidy(() => {
      const a = tf.tensor3d(uniform('a', [2, 3, 4]), [2, 3, 4]);
      const b = tf.tensor3d(uniform('b', [2, 4, 5]), [2, 4, 5]);
      return [tf.einsum('bij, bjk -> kb', a, b), tf.transpose(tf.sum(tf.matMul(a, b), 1))];
    });
    expect(actual.shape).toEqual([5, 2]);
    expect(relativeError(await actual.data(), await expected.data())).toBeLessThan(1e-5);
    tf.dispose([actual, expected]);
  }));

it('refuses sizes that do not match', async () => {
  await tf.setBackend('ort');
  tf.tidy(() => {
    expect(() => tf.einsum('ij,jk->ik', tf.zeros([2, 3]), tf.zeros([2, 3]))).toThrow(/dimension/);
  });
});
