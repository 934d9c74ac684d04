import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { anomalyMap } from './anomaly-map.js';
import { sumOfTerms } from './sum-of-terms.js';

const map = (values: number[], side: number) =>
  tf.tensor4d(values, [values.length / side ** 2, side, side, 1]);
const ramp = (count: number, step: number) => Array.from({ length: count }, (_, i) => i * step);

test('is weight distance / scale, term by term and image by image', async () => {
  const before = tf.memory().numTensors;
  const a = map(ramp(8, 1), 2);
  const b = map(ramp(8, -0.5), 2);
  const out = sumOfTerms(
    {
      one: { distance: a, scale: 2, weight: 3 },
      two: { distance: b, scale: 0.5, weight: 0.25 },
      dead: { distance: b, scale: 0, weight: 9 },
    },
    { sigma: 0 },
  );
  const values = await out.data();
  values.forEach((value, i) => {
    expect(value).toBeCloseTo((3 * i) / 2 + (0.25 * -0.5 * i) / 0.5, 5);
  });
  tf.dispose([a, b, out]);
  expect(tf.memory().numTensors).toBe(before);
});

test('with the scales of the paper it is the paper’s map', async () => {
  const side = 40;
  const pixel = map(ramp(side * side, 1e-3), side);
  const feature = map(ramp(side * side, -2e-3), side);
  const [v, ratio] = [7, 0.4];
  const paper = anomalyMap({ pixel, feature, v, normalization: { ratio }, sigma: 2 });
  const sum = sumOfTerms(
    {
      pixel: { distance: pixel, scale: 1 / ratio, weight: v },
      feature: { distance: feature, scale: 1, weight: 1 },
    },
    { sigma: 2 },
  );
  const [there, here] = await Promise.all([paper.data(), sum.data()]);
  here.forEach((value, i) => {
    expect(value).toBeCloseTo(there[i], 4);
  });
  tf.dispose([pixel, feature, paper, sum]);
});

test('refuses what cannot be summed', () => {
  tf.tidy(() => {
    const distance = map([1, 2, 3, 4], 2);
    const term = { distance, scale: 1, weight: 1 };
    expect(() => sumOfTerms({}, { sigma: 0 })).toThrow(/at least one term/);
    expect(() => sumOfTerms({ a: { ...term, weight: -1 } }, { sigma: 0 })).toThrow(/weight of a .* got -1/);
    expect(() => sumOfTerms({ a: { ...term, scale: Number.NaN } }, { sigma: 0 })).toThrow(
      /scale of a .* got NaN/,
    );
    expect(() => sumOfTerms({ a: term, b: { ...term, distance: map([1], 1) } }, { sigma: 0 })).toThrow(
      /a is \[1,2,2,1\], but b is \[1,1,1,1\]/,
    );
  });
});
