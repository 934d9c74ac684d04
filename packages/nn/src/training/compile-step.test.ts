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
        const step = compileStep(
          (x: tf.Tensor) => {
            const { value, grads } = tf.variableGrads(() => tf.sum(tf.sqrt(tf.mul(w, x))) as tf.Scalar, [w]);
            const gradient = grads[w.name];
            w.assign(tf.sub(w, gradient));
            return { loss: value, gradients: new Map([['w', gradient]]) };
          },
          { who: 'test' },
        );
        const at = async (x: number) => {
          const scalar = tf.scalar(x);
          return step(7, scalar).finally(() => scalar.dispose());
        };
        const values = async () => Array.from(await w.data(), (v) => Math.round(v * 1e4) / 1e4);
        expect(await at(4)).toBeCloseTo(Math.sqrt(4) + Math.sqrt(8), 4);
        expect(await values()).toEqual([0, 1.2929]);
        const rest = 'at step 7, which was not taken: the weights are those of the step before';
        // sqrt(0) = 0 is finite, its derivative is not
        await expect(at(1)).rejects.toThrow(`test: a gradient is not finite ${rest}`);
        await expect(at(Number.NaN)).rejects.toThrow(`test: the loss is NaN ${rest}`);
        expect(await values()).toEqual([0, 1.2929]);

        // several steps, the second of which is not finite
        const losses: number[] = [];
        const several = async (...xs: number[]) => {
          const calls = xs.map((x): [tf.Scalar] => [tf.scalar(x)]);
          return step.several(3, calls, (loss) => losses.push(loss)).finally(() => tf.dispose(calls.flat()));
        };
        const start = tf.tensor1d([1, 2]);
        w.assign(start);
        start.dispose();
        await expect(several(4, 1, 4)).rejects.toThrow(
          `test: a gradient is not finite ${rest.replace('7', '4')}`,
        );
        expect(losses).toHaveLength(1);
        expect(losses[0]).toBeCloseTo(Math.sqrt(4) + Math.sqrt(8), 4);
        expect(await values()).toEqual([0, 1.2929]);
        step.dispose();
        w.dispose();
      });
      await tf.setBackend('ort');
    });
  }
});
