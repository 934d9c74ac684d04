import { executionProviders } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { initOrt } from '../init.js';
import { compile } from './compile.js';

beforeAll(() => initOrt({ executionProviders, threads: 2 }));

/** A variable that doubles at each call. */
function doubling() {
  const v = tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3])));
  const step = compile(() => {
    v.assign(tf.mul(v, 2));
    return tf.sum(v) as tf.Scalar;
  });
  const call = async () => {
    const sum = await step();
    const value = (await sum.data())[0];
    sum.dispose();
    return value;
  };
  const dispose = () => {
    step.dispose();
    v.dispose();
  };
  return { v, call, dispose };
}

it('an array that was read stays as it was, and so do results', async () => {
  const { v, call, dispose } = doubling();
  const seen: Float32Array[] = [];
  for (let i = 0; i < 6; i++) {
    expect(await call()).toBe(6 * 2 ** (i + 1));
    if (i % 2) seen.push((await v.data()) as Float32Array);
  }
  expect(seen.map((a) => Array.from(a))).toEqual([
    [4, 8, 12],
    [16, 32, 48],
    [64, 128, 192],
  ]);
  dispose();
});

it('a tensor that shares a variable’s data keeps it', async () => {
  const { v, call, dispose } = doubling();
  await call();
  const copies = [v.clone(), tf.reshape(v, [3]), tf.transpose(v), tf.variable(v)];
  const later = tf.add(v, 1);
  for (let i = 0; i < 4; i++) await call();
  for (const copy of copies) expect(Array.from(await copy.data())).toEqual([2, 4, 6]);
  expect(Array.from(await later.data())).toEqual([3, 5, 7]);
  expect(Array.from(await v.data())).toEqual([32, 64, 96]);
  tf.dispose([...copies, later]);
  dispose();
});

it('a variable that is assigned between the calls is taken as it is', async () => {
  const { v, call, dispose } = doubling();
  await call();
  await call();
  tf.tidy(() => v.assign(tf.tensor1d([1, 1, 1])));
  expect(await call()).toBe(6);
  expect(await call()).toBe(12);
  dispose();
});
