import { expectNoLeak } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileStep } from './compile-step.js';

beforeAll(() => initOrt({ threads: 1 }));

describe('compileStep', () => {
  for (const backend of ['ort', 'cpu']) {
    it(`takes finite steps only, on ${backend}`, async () => {
      await tf.setBackend(backend);
      await expectNoLeak(async () => {
        const w = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
        const step = compileStep((x: tf.Tensor) => {
          const { value, grads } = tf.variableGrads(() => tf.sum(tf.sqrt(tf.mul(w, x))) as tf.Scalar, [w]);
          const gradient = grads[w.name];
          w.assign(tf.sub(w, gradient));
          return { loss: value, gradients: new Map([['w', gradient]]) };
        });
        const at = async (x: number) => {
          const scalar = tf.scalar(x);
          const result = await step(scalar);
          scalar.dispose();
          return { ...result, w: Array.from(await w.data(), (v) => Math.round(v * 1e4) / 1e4) };
        };
        expect(await at(4)).toMatchObject({ taken: true, w: [0, 1.2929] });
        // sqrt(0) = 0 is finite, its derivative is not
        expect(await at(1)).toMatchObject({ taken: false, w: [0, 1.2929] });
        expect((await at(1)).loss).toBeCloseTo(Math.sqrt(1.2929), 4);
        expect(await at(Number.NaN)).toEqual({ loss: Number.NaN, taken: false, w: [0, 1.2929] });
        step.dispose();
        w.dispose();
      });
      await tf.setBackend('ort');
    });
  }
});
