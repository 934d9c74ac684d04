import { loadavg } from 'node:os';
import { expectNoLeak, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, initOrt } from '../../index.js';
import { copyModel } from '../copy-model.js';

/** Runs in a pool whose test files have a realm of their own, as those of Jest: see vitest.config.ts. */

describe('where modules have a realm of their own', () => {
  beforeAll(() => initOrt({ threads: 2 }));

  it('is such a place', () => {
    expect(Object.getPrototypeOf(loadavg())).not.toBe(Array.prototype);
  });

  it('computes every type, and hands out typed arrays of this realm', () =>
    expectNoLeak(async () => {
      const x = tf.tensor1d(uniform('x', [5]));
      const results = tf.tidy(() => [tf.add(x, x), tf.cast(tf.mul(x, 100), 'int32'), tf.greater(x, 0)]);
      const [sum, whole, positive] = await Promise.all(results.map((t) => t.data()));
      const values = uniform('x', [5]);
      expect(sum).toStrictEqual(values.map((v) => v + v));
      expect(whole).toStrictEqual(Int32Array.from(values, (v) => Math.fround(v * 100)));
      expect(positive).toStrictEqual(Uint8Array.from(values, (v) => Number(v > 0)));
      expect(results[0].dataSync()).toBeInstanceOf(Float32Array);
      tf.dispose([x, ...results]);
    }));

  it('trains by a compiled step', () =>
    expectNoLeak(async () => {
      const w = tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3])));
      const step = compile(() => {
        w.assign(tf.mul(w, 0.5));
        return tf.sum(w);
      });
      for (let i = 0; i < 3; i++) tf.dispose(await step());
      expect(await w.data()).toStrictEqual(Float32Array.of(0.125, 0.25, 0.375));
      step.dispose();
      w.dispose();
    }));

  it('leaves onnxruntime-node itself usable', async () => {
    const session = await InferenceSession.create(copyModel('float32'));
    const { y } = await session.run({ x: new Tensor('float32', Float32Array.of(1, 2), [2]) });
    expect(y).toBeInstanceOf(Tensor);
    expect(y.data).toStrictEqual(Float32Array.of(1, 2));
    await session.release();
  });
});
