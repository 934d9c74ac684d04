import { executionProviders, expectNoLeak, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../compile/compile.js';
import { initOrt } from '../init.js';

/** Tensors in a device's memory; tools/ci/test-webgpu.mjs runs these. */

const bytes = () => (tf.memory() as { numBytesInGPU?: number }).numBytesInGPU;

describe.runIf(executionProviders[0] === 'webgpu')('on a device', () => {
  beforeAll(() => initOrt({ executionProviders, threads: 2 }));

  it('variables stay there between the steps of a training, and take no more memory with time', async () => {
    await expectNoLeak(async () => {
      const w = tf.tidy(() => tf.variable(tf.tensor2d(uniform('w', [16, 16]), [16, 16])));
      const x = tf.tensor2d(uniform('x', [4, 16]), [4, 16]);
      const step = compile((batch: tf.Tensor) => {
        const { value, grads } = tf.variableGrads(
          () => tf.mean(tf.square(tf.matMul(batch as tf.Tensor2D, w as tf.Tensor2D))) as tf.Scalar,
          [w],
        );
        w.assign(tf.sub(w, tf.mul(grads[w.name], 0.1)));
        return value;
      });
      const losses: number[] = [];
      for (let i = 0; i < 40; i++) {
        const loss = await step(x);
        losses.push((await loss.data())[0]);
        const batch = i === 0 ? 0 : 4 * 16 * 4; // what is fed again moves to the device
        expect(bytes()).toBe(16 * 16 * 4 + 4 + batch);
        loss.dispose();
        expect(bytes()).toBe(16 * 16 * 4 + batch);
      }
      expect(losses[39]).toBeLessThan(losses[0]);
      step.dispose();
      expect(await w.data()).toHaveLength(256);
      tf.dispose([w, x]);
      expect(bytes()).toBe(0);
    });
  });

  it('what a pending tensor needs stays until it is computed', async () => {
    await expectNoLeak(async () => {
      const a = tf.tidy(() => tf.add(tf.ones([8]), 1));
      await a.data();
      const b = tf.mul(a, 3);
      a.dispose();
      expect(Array.from(await b.data())).toEqual(new Array(8).fill(6));
      expect(bytes()).toBe(32);
      b.dispose();
      expect(bytes()).toBe(0);
    });
  });

  it('what a compiled function holds stays until it is disposed', async () => {
    await expectNoLeak(async () => {
      const held = tf.tidy(() => tf.add(tf.ones([8]), 1));
      await held.data();
      const f = compile((x: tf.Tensor) => tf.mul(x, held));
      const x = tf.tidy(() => tf.range(0, 8));
      const first = await f(x);
      held.dispose();
      const second = await f(x);
      expect(Array.from(await second.data())).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
      f.dispose();
      expect(Array.from(await first.data())).toEqual([0, 2, 4, 6, 8, 10, 12, 14]); // outlives its session
      tf.dispose([x, first, second]);
      expect(bytes()).toBe(0);
    });
  });

  it('integers, flags and empty tensors come back as they are', async () => {
    await expectNoLeak(async () => {
      const x = tf.tensor1d([3, 1, 2]);
      const results = [tf.argMax(x), tf.greater(x, 1), tf.cast(x, 'int32'), tf.slice(x, [0], [0])];
      const values = await Promise.all(results.map(async (t) => Array.from(await t.data())));
      expect(values).toEqual([[0], [1, 0, 1], [3, 1, 2], []]);
      tf.dispose([x, ...results]);
      expect(bytes()).toBe(0);
    });
  });
});
