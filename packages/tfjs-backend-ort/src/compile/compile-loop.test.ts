import { executionProviders, expectNoLeak, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initOrt } from '../init.js';
import { compile } from './compile.js';
import { compileLoop } from './compile-loop.js';

beforeAll(() => initOrt({ executionProviders, threads: 2 }));
afterAll(() => tf.disposeVariables());

type Shape = [number, number, number, number];
const backends: [string, Shape][] = [['ort', [2, 8, 8, 16]], ['cpu', [1, 3, 3, 2]]]; // biome-ignore format: pairs

/** A step of momentum on a convolution and a bias that is only read, and the arguments of its calls. */
function network(shape: Shape) {
  const [, height, width, channels] = shape;
  const tensor = (name: string, shape: number[]) => tf.tensor(uniform(name, shape), shape);
  const variable = (name: string, shape: number[]) => tf.tidy(() => tf.variable(tensor(name, shape)));
  const kernel = variable('kernel', [3, 3, channels, channels]) as tf.Variable<tf.Rank.R4>;
  const momentum = tf.tidy(() => tf.variable(tf.zerosLike(kernel)));
  const bias = variable('bias', [channels]);
  const last = variable('last', [2]);
  const constant = tensor('constant', [1, height, width, 1]);
  const variables = [kernel, momentum, bias, last];
  const step = (x: tf.Tensor4D, rate: tf.Scalar, mask: tf.Tensor) => {
    const loss = () => {
      const y = tf.add(tf.conv2d(tf.mul(x, constant) as tf.Tensor4D, kernel, 1, 'same'), bias);
      return tf.mean(tf.square(tf.where(mask, y, 0))) as tf.Scalar;
    };
    const { value, grads } = tf.variableGrads(loss, [kernel]);
    momentum.assign(tf.add(tf.mul(momentum, 0.9), grads[kernel.name]));
    kernel.assign(tf.sub(kernel, tf.mul(rate, momentum)));
    last.assign(tf.stack([value, rate])); // assigned, and never read
    return { loss: value, mean: tf.mean(x, [1, 2]) };
  };
  return {
    step,
    call: (i: number, scale = 1): [tf.Tensor4D, tf.Scalar, tf.Tensor] => {
      const x = uniform(`x${i}`, shape);
      const mask = Uint8Array.from(uniform(`mask${i}`, shape), (u) => (u > -0.5 ? 1 : 0));
      return [tf.tensor4d(x, shape), tf.scalar((scale * 0.1) / (i + 1)), tf.tensor(mask, shape, 'bool')];
    },
    values: () => Promise.all(variables.map(async (each) => Array.from(await each.data()))),
    dispose: () => tf.dispose([...variables, constant]),
  };
}

type Network = ReturnType<typeof network>;
const disposeAll = (calls: tf.Tensor[][]) => tf.dispose(calls.flat());
const read = async (results: { loss: tf.Tensor; mean: tf.Tensor }) => {
  const values = [...(await results.loss.data()), ...(await results.mean.data())];
  tf.dispose(results);
  return values;
};

/** Results and variables after calls one at a time. */
async function oneByOne({ step, call, values }: Network, count: number) {
  const compiled = compile(step);
  const results: number[][] = [];
  for (let i = 0; i < count; i++) {
    const args = call(i);
    results.push(await read(await compiled(...args)));
    tf.dispose(args);
  }
  compiled.dispose();
  return { results, variables: await values() };
}

describe.each(backends)('compileLoop on %s', (name, shape) => {
  beforeAll(() => tf.setBackend(name));
  afterAll(() => tf.setBackend('ort'));

  it('equals single calls bit for bit, however many there are at once', async () => {
    await expectNoLeak(async () => {
      const single = network(shape);
      const expected = await oneByOne(single, 6);
      single.dispose();
      const several = network(shape);
      const loop = compileLoop(several.step);
      const results: number[][] = [];
      for (const [from, to] of [
        [0, 1],
        [1, 4],
        [4, 6],
      ]) {
        // biome-ignore format: pairs
        const calls = Array.from({ length: to - from }, (_, i) => several.call(from + i));
        for (const result of await loop(calls)) results.push(await read(result));
        disposeAll(calls);
      }
      expect(results).toEqual(expected.results);
      expect(await several.values()).toEqual(expected.variables);
      loop.dispose();
      several.dispose();
    });
  });

  it('ends at the call that is not accepted, with the variables of the call before', async () => {
    for (const bad of [0, 2]) {
      await expectNoLeak(async () => {
        const single = network(shape);
        const expected = await oneByOne(single, bad);
        single.dispose();
        const several = network(shape);
        const seen: number[] = [];
        const loop = compileLoop(several.step, {
          accept: async ({ loss }) => {
            seen.push((await loss.data())[0]);
            return Number.isFinite(seen.at(-1));
          },
        });
        const calls = [0, 1, 2, 3].map((i) => several.call(i));
        const poison = tf.fill(shape, Number.NaN) as tf.Tensor4D;
        calls[bad][0].dispose();
        calls[bad][0] = poison;
        const results = await loop(calls);
        expect(seen.map(Number.isFinite)).toEqual([...new Array<boolean>(bad).fill(true), false]);
        expect(results).toHaveLength(bad + 1);
        const losses = await Promise.all(results.map(async ({ loss }) => (await loss.data())[0]));
        expect(losses).toEqual(seen);
        expect(await several.values()).toEqual(expected.variables);
        // and goes on from there
        const next = several.call(7);
        for (const result of await loop([next])) expect(await read(result)).not.toContain(Number.NaN);
        expect(await several.values()).not.toEqual(expected.variables);
        disposeAll([...calls, next]);
        tf.dispose(results);
        loop.dispose();
        several.dispose();
      });
    }
  });

  it('keeps the variables where accept throws', async () => {
    await expectNoLeak(async () => {
      const each = network(shape);
      const before = await each.values();
      const loop = compileLoop(each.step, {
        accept: () => {
          throw new Error('no');
        },
      });
      const calls = [each.call(0), each.call(1)];
      await expect(loop(calls)).rejects.toThrow('no');
      expect(await each.values()).toEqual(before);
      disposeAll(calls);
      loop.dispose();
      each.dispose();
    });
  });
});

it('leaves clones of a variable alone, and keeps apart variables that share their data', async () => {
  await expectNoLeak(async () => {
    const w = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
    const shadow = tf.variable(w);
    const copy = w.clone();
    const loop = compileLoop((a: tf.Tensor) => {
      w.assign(tf.add(w, a));
      shadow.assign(tf.add(tf.mul(shadow, 0.5), tf.mul(w, 0.5)));
      return undefined;
    });
    const a = tf.tensor1d([1, 1]);
    expect(await loop([[a], [a], [a]])).toEqual([undefined, undefined, undefined]);
    expect(Array.from(await w.data())).toEqual([4, 5]);
    expect(Array.from(await shadow.data())).toEqual([3.125, 4.125]);
    expect(Array.from(await copy.data())).toEqual([1, 2]);
    loop.dispose();
    tf.dispose([w, shadow, copy, a]);
  });
});

it('refuses calls that differ in shape, no calls, and a function that uses no argument', async () => {
  await expectNoLeak(async () => {
    const loop = compileLoop((a: tf.Tensor) => tf.sum(a));
    const [a, b] = [tf.zeros([2]), tf.zeros([3])];
    await expect(loop([[a], [b]])).rejects.toThrow(
      'compileLoop: needs calls of one signature, got float32[2]; float32[3]',
    );
    await expect(loop([])).rejects.toThrow('got no call');
    loop.dispose();
    if (executionProviders.includes('cpu')) {
      const idle = compileLoop((_: tf.Tensor) => tf.zeros([1]));
      await expect(idle([[a]])).rejects.toThrow('compileLoop: fn uses none of its arguments');
      idle.dispose();
    }
    tf.dispose([a, b]);
  });
});
