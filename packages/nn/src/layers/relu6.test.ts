import { expectNoLeak } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';
import { beforeAll, expect, it } from 'vitest';
import { relu6 } from './relu6.js';

beforeAll(() => initOrt({ threads: 1 }));

// torch.nn.functional.relu6 and its gradient
it('has the values and the gradient of PyTorch', async () => {
  await expectNoLeak(async () => {
    const x = tf.tensor1d([-7, -0.5, 0, 0.5, 3, 5.9, 6, 6.1, 100]);
    const { value, grad } = tf.tidy(() => {
      const [grad] = tf.grads((x) => tf.sum(tf.mul(relu6(x), tf.scalar(2))))([x]);
      return { value: relu6(x), grad };
    });
    expect([...(await value.data())]).toEqual([0, 0, 0, 0.5, 3, Math.fround(5.9), 6, 6, 6]);
    expect([...(await grad.data())]).toEqual([0, 0, 0, 2, 2, 2, 0, 0, 0]);
    tf.dispose([x, value, grad]);
  });
});
