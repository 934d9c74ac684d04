import { startEngine } from '@ddad/nn';
import { expectNoLeak, testEngine } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { reduce, repair } from './repair.js';

beforeAll(async () => {
  await startEngine({ engine: testEngine });
});

it('takes the mean of blocks', async () => {
  await expectNoLeak(async () => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 4, 1]);
    const half = reduce(x, 2);
    expect([...(await half.data())]).toEqual([3.5, 5.5]);
    const same = reduce(x, 1);
    expect(await same.data()).toEqual(await x.data());
    expect(() => reduce(x, 4)).toThrow('divides 2 and 4, got 4');
    tf.dispose([x, half, same]);
  });
});

it('adds what a reconstruction changed beyond the threshold, bilinearly', async () => {
  await expectNoLeak(async () => {
    const x = tf.tensor4d([10, 20, 30, 40, 50, 60, 70, 80], [1, 2, 4, 1]);
    const reduced = tf.tensor4d([1, 1], [1, 1, 2, 1]);
    const reconstruction = tf.tensor4d([1.25, 0], [1, 1, 2, 1]);
    // changes 0.25 and -1; pixel centres of the picture lie at -0.25, 0.25, 0.75, 1.25 of the reduced one
    const all = repair(x, { reduced, reconstruction });
    const expected = [0.25, 0.25 - 1.25 * 0.25, 0.25 - 1.25 * 0.75, -1];
    [...(await all.data())].forEach((value, i) => {
      expect(value).toBeCloseTo([10, 20, 30, 40, 50, 60, 70, 80][i] + expected[i % 4], 5);
    });
    const large = repair(x, { reduced, reconstruction, threshold: 0.5 });
    const left = [0, -0.125, -0.375, -0.5];
    [...(await large.data())].forEach((value, i) => {
      expect(value).toBeCloseTo([10, 20, 30, 40, 50, 60, 70, 80][i] + left[i % 4], 5);
    });
    tf.dispose([x, reduced, reconstruction, all, large]);
  });
});

it('says what does not fit', () => {
  const [x, reduced, odd] = [4, 2, 3].map((side) => tf.zeros<tf.Rank.R4>([1, side, side, 3]));
  expect(() => repair(x, { reduced, reconstruction: odd })).toThrow(
    "reduced's shape [1,2,2,3], got [1,3,3,3]",
  );
  expect(() => repair(x, { reduced: odd, reconstruction: odd })).toThrow('h and w dividing 4 and 4');
  expect(() => repair(x, { reduced, reconstruction: reduced, threshold: -1 })).toThrow(
    'threshold >= 0, got -1',
  );
  tf.dispose([x, reduced, odd]);
});
