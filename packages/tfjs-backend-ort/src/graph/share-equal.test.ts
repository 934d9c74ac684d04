import { executionProviders, expectNoLeak, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile, initOrt } from '../index.js';
import { program } from './program.js';
import { hostValue, op, scalar, type Value } from './value.js';

const input = () => hostValue('float32', [2], new Float32Array(2));
const node = (type: string, ...inputs: Value[]) => op(type, inputs, 'float32', [2]);
const types = (...outputs: Value[]) => program(outputs, { share: true }).ops.map(({ type }) => type);

describe('equal nodes', () => {
  it('are one, however long the chain of them', () => {
    const x = input();
    const chain = () => {
      let value: Value = x;
      for (let i = 0; i < 30; i++) value = node(i % 2 ? 'Exp' : 'Neg', value);
      return value;
    };
    expect(types(node('Add', chain(), chain()))).toHaveLength(31);
  });

  it('are two where an input, a constant, an attribute or a type differs', () => {
    const [x, y] = [input(), input()];
    const sum = (value: Value) => node('Neg', value);
    expect(types(node('Add', sum(x), sum(y)))).toHaveLength(3);
    const times = (factor: number) => node('Mul', x, scalar(factor));
    expect(types(node('Add', times(2), times(3)))).toHaveLength(3);
    expect(types(node('Add', times(2), times(2)))).toHaveLength(2);
    expect(types(node('Add', times(0), times(-0)))).toHaveLength(3);
    const soft = (axis: number) => op('Softmax', [x], 'float32', [2], { attributes: { axis } });
    expect(types(node('Add', soft(0), soft(-1)))).toHaveLength(3);
    const domain = (name: string) => op('Gelu', [x], 'float32', [2], { domain: name });
    expect(types(node('Add', domain(''), domain('com.microsoft')))).toHaveLength(3);
    expect(types(node('Sub', x, y), node('Sub', y, x))).toHaveLength(2);
  });

  it('keep the name of each output', () => {
    const x = input();
    const p = program([node('Neg', x), x, node('Neg', x)], { share: true });
    expect(p.ops).toHaveLength(1);
    expect(p.outputs.map((value) => p.names.get(value))).toEqual(['v1', 'i0', 'v1']);
  });
});

describe('a compiled function', () => {
  const models: Uint8Array[] = [];
  beforeAll(() => initOrt({ executionProviders, threads: 1, onModel: (bytes) => models.push(bytes) }));

  it('computes equal results once and returns each', () =>
    expectNoLeak(async () => {
      const x = tf.tensor1d(uniform('x', [5]));
      const w = tf.tidy(() => tf.variable(tf.tensor1d(uniform('w', [5]))));
      const twice = compile(
        (a: tf.Tensor) => {
          const [one, two] = [tf.exp(tf.mul(a, w)), tf.exp(tf.mul(a, w))];
          w.assign(tf.mul(a, w));
          return [one, two, tf.sub(one, two)];
        },
        { freeze: [] },
      );
      models.length = 0;
      const before = await w.data();
      const results = await twice(x);
      const [one, two, difference] = await Promise.all(results.map((t) => t.data()));
      expect(two).toStrictEqual(one);
      expect(difference).toStrictEqual(new Float32Array(5));
      const xs = await x.data();
      expect(await w.data()).toStrictEqual(before.map((value, i) => Math.fround(value * xs[i])));
      expect(Buffer.from(models[0]).toString('latin1').split('Exp').length - 1).toBe(1);
      twice.dispose();
      tf.dispose([x, w, ...results]);
    }));

  it('tells 0 from -0', () =>
    expectNoLeak(async () => {
      const x = tf.tensor1d([1, 2]);
      const over = compile((a: tf.Tensor) => [tf.div(a, 0), tf.div(a, -0)]);
      const compiled = await over(x);
      const eager = [tf.div(x, 0), tf.div(x, -0)];
      for (const [one, other] of [compiled, eager]) {
        expect([...(await one.data())]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
        expect([...(await other.data())]).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
      }
      over.dispose();
      tf.dispose([x, ...compiled, ...eager]);
    }));

  it('needs one constant where two networks share frozen variables', () =>
    expectNoLeak(async () => {
      const shape: [number, number, number, number] = [3, 3, 8, 300];
      const kernel = tf.tidy(() => tf.variable(tf.tensor4d(uniform('kernel', shape), shape)));
      const scale = tf.tidy(() => tf.variable(tf.tensor1d(uniform('scale', [300]))));
      const network = (a: tf.Tensor) => tf.mul(tf.conv2d(a as tf.Tensor4D, kernel, 1, 'same'), scale);
      const both = compile((a: tf.Tensor, b: tf.Tensor) => [network(a), network(b)], {
        freeze: [kernel, scale],
      });
      const image: [number, number, number, number] = [1, 6, 6, 8];
      const [a, b] = ['a', 'b'].map((name) => tf.tensor4d(uniform(name, image), image));
      models.length = 0;
      const results = await both(a, b);
      const expected = [a, b].map((t) => tf.tidy(() => network(t)));
      for (const [i, result] of results.entries()) {
        const [actual, wanted] = [await result.data(), await expected[i].data()];
        for (let k = 0; k < wanted.length; k++) expect(Math.abs(actual[k] - wanted[k])).toBeLessThan(1e-5);
      }
      const text = models.map((bytes) => Buffer.from(bytes).toString('latin1'));
      const [model] = text.filter((each) => each.includes('location'));
      expect(model.split('location').length - 1).toBe(1);
      both.dispose();
      tf.dispose([kernel, scale, a, b, ...results, ...expected]);
    }));
});
