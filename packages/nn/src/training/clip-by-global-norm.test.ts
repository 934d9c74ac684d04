import { expectNoLeak } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { clipByGlobalNorm } from './clip-by-global-norm.js';

beforeAll(async () => void (await tf.setBackend('cpu')));

// torch.nn.utils.clip_grad_norm_ divides by the norm + 1e-6
it('scales the common norm down and leaves smaller ones', async () => {
  await expectNoLeak(async () => {
    const gradients = new Map<string, tf.Tensor>([
      ['a', tf.tensor1d([3, 0])],
      ['b', tf.tensor2d([[0, 4]])],
    ]);
    const [low, high] = tf.tidy(() =>
      [1, 6].map((maxNorm) => [...clipByGlobalNorm(gradients, maxNorm).values()]),
    );
    expect(Array.from(await low[0].data())).toEqual([Math.fround(3 / 5.000001), 0]);
    expect((await low[1].data())[1]).toBeCloseTo(0.8, 6);
    expect(Array.from(await high[1].data())).toEqual([0, 4]);
    expect(() => clipByGlobalNorm(gradients, 0)).toThrow('clipByGlobalNorm: needs maxNorm > 0, got 0');
    tf.dispose([...gradients.values(), low, high]);
  });
});
