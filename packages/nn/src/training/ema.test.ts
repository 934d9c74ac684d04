import { expectNoLeak } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { emaDecay, initEma, updateEma } from './ema.js';

beforeAll(async () => void (await tf.setBackend('cpu')));

const variable = (values: number[]) => tf.tidy(() => tf.variable(tf.tensor1d(values)));

it('follows average = decay average + (1 - decay) parameter, the decay a number or a tensor', async () => {
  await expectNoLeak(async () => {
    const parameters = new Map([['w', variable([1, -2])]]);
    const average = initEma(parameters);
    const next = tf.tensor1d([3, 6]);
    parameters.get('w')!.assign(next);
    updateEma(average, parameters, 0.75);
    expect(Array.from(await average.get('w')!.data())).toEqual([1.5, 0]);
    const decay = tf.scalar(0.5);
    updateEma(average, parameters, decay);
    expect(Array.from(await average.get('w')!.data())).toEqual([2.25, 3]);
    expect(average.get('w')!.trainable).toBe(false);
    expect(() => updateEma(average, parameters, 1)).toThrow('updateEma: needs a decay in [0, 1), got 1');
    expect(() => updateEma(new Map(), parameters, 0.5)).toThrow('updateEma: no average for w');
    tf.dispose([next, decay, ...parameters.values(), ...average.values()]);
  });
});

it('starts with a short memory', () => {
  expect(emaDecay(0.999, 1)).toBeCloseTo(2 / 11);
  expect(emaDecay(0.999, 100)).toBeCloseTo(101 / 110);
  expect(emaDecay(0.999, 1e6)).toBe(0.999);
});
