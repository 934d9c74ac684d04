import { executionProviders, expectNoLeak, relativeError, tolerance, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initOrt } from '../init.js';
import { compile } from './compile.js';

beforeAll(() => initOrt({ executionProviders, threads: 2 }));
afterAll(() => tf.disposeVariables());

const image = (name: string, shape = [2, 6, 6, 3]) =>
  tf.tensor4d(uniform(name, shape), shape as [2, 6, 6, 3]);

const variable = (data: ArrayLike<number>, shape: number[]) =>
  tf.tidy(() => tf.variable(tf.tensor(Float32Array.from(data), shape)));

describe('compile', () => {
  it('gives what the function gives, for every signature', async () => {
    await expectNoLeak(async () => {
      const f = (x: tf.Tensor4D, y: tf.Tensor4D) =>
        tf.conv2d(
          tf.mul(x, tf.add(y, 0.5)) as tf.Tensor4D,
          tf.fill([3, 3, 3, 4], 0.1) as tf.Tensor4D,
          1,
          'same',
        );
      const compiled = compile(f);
      for (const shape of [
        [2, 6, 6, 3],
        [1, 5, 7, 3],
        [2, 6, 6, 3],
      ]) {
        const x = image('x', shape);
        const y = image('y', shape);
        const expected = tf.tidy(() => f(x, y));
        const actual = await compiled(x, y);
        expect(actual.shape).toEqual(expected.shape);
        expect(relativeError(await actual.data(), await expected.data())).toBeLessThan(tolerance(1e-6));
        tf.dispose([x, y, expected, actual]);
      }
      compiled.dispose();
    });
  });

  it('trains: variables are read and written back, as an uncompiled step does', async () => {
    await expectNoLeak(async () => {
      const steps = async (
        run: (w: tf.Variable, m: tf.Variable, x: tf.Tensor4D, rate: tf.Scalar) => Promise<number>,
      ) => {
        const w = variable(uniform('w', [3, 3, 3, 4]), [3, 3, 3, 4]);
        const m = variable(new Float32Array(108), [3, 3, 3, 4]);
        const losses: number[] = [];
        for (let i = 0; i < 5; i++) {
          const x = image(`x${i}`);
          const rate = tf.scalar(0.01 / (i + 1));
          losses.push(await run(w, m, x, rate));
          tf.dispose([x, rate]);
        }
        const weights = Array.from(await w.data());
        tf.dispose([w, m]);
        return { losses, weights };
      };
      const step = (w: tf.Variable, m: tf.Variable) => (x: tf.Tensor4D, rate: tf.Scalar) => {
        const { value, grads } = tf.variableGrads(
          () => tf.sum(tf.square(tf.conv2d(x, w as tf.Variable<tf.Rank.R4>, 1, 'same'))) as tf.Scalar,
          [w],
        );
        m.assign(tf.add(tf.mul(m, 0.9), grads[w.name]));
        w.assign(tf.sub(w, tf.mul(rate, m)));
        return value;
      };
      const eager = await steps(async (w, m, x, rate) => {
        const loss = tf.tidy(() => step(w, m)(x, rate));
        const value = (await loss.data())[0];
        loss.dispose();
        return value;
      });
      let compiled: ReturnType<typeof compile<[tf.Tensor4D, tf.Scalar], tf.Scalar>> | undefined;
      const native = await steps(async (w, m, x, rate) => {
        compiled ??= compile(step(w, m));
        const loss = await compiled(x, rate);
        const value = (await loss.data())[0];
        loss.dispose();
        return value;
      });
      compiled!.dispose();
      expect(relativeError(native.losses, eager.losses)).toBeLessThan(tolerance(1e-5));
      expect(relativeError(native.weights, eager.weights)).toBeLessThan(tolerance(1e-5));
      expect(native.losses[4]).toBeLessThan(native.losses[0]);
    });
  });

  it('writes nothing back where the results are not accepted, on any backend', async () => {
    for (const name of ['ort', 'cpu']) {
      await tf.setBackend(name);
      await expectNoLeak(async () => {
        const w = variable([1, 2], [2]);
        const seen: number[] = [];
        const compiled = compile(
          (a: tf.Tensor) => {
            w.assign(tf.mul(w, a));
            return tf.sum(w) as tf.Scalar;
          },
          {
            accept: async (sum) => {
              seen.push((await sum.data())[0]);
              return Number.isFinite(seen.at(-1));
            },
          },
        );
        for (const factor of [2, Number.NaN, Infinity, 3]) {
          const a = tf.scalar(factor);
          (await compiled(a)).dispose();
          a.dispose();
        }
        expect(seen).toEqual([6, Number.NaN, Infinity, 18]);
        expect(Array.from(await w.data())).toEqual([6, 12]);
        compiled.dispose();
        w.dispose();
      });
    }
    await tf.setBackend('ort');
  });

  it('throws what accept throws, keeps the variables and leaks nothing', async () => {
    await expectNoLeak(async () => {
      const w = variable([1, 2], [2]);
      const a = tf.scalar(2);
      const compiled = compile(
        (x: tf.Tensor) => {
          w.assign(tf.mul(w, x));
          return tf.sum(w);
        },
        {
          accept: () => {
            throw new Error('no');
          },
        },
      );
      await expect(compiled(a)).rejects.toThrow('no');
      expect(Array.from(await w.data())).toEqual([1, 2]);
      compiled.dispose();
      tf.dispose([w, a]);
    });
  });

  it('recompiles when a frozen variable is assigned', async () => {
    await expectNoLeak(async () => {
      const w = variable([1, 2, 3], [3]);
      const x = tf.tensor1d([1, 1, 1]);
      const compiled = compile((a: tf.Tensor) => tf.mul(a, w), { freeze: [w] });
      const first = await compiled(x);
      expect(Array.from(await first.data())).toEqual([1, 2, 3]);
      const next = tf.tensor1d([4, 5, 6]);
      w.assign(next);
      const second = await compiled(x);
      expect(Array.from(await second.data())).toEqual([4, 5, 6]);
      compiled.dispose();
      tf.dispose([w, x, first, second, next]);
    });
  });

  it('keeps variables apart that share their data', async () => {
    await expectNoLeak(async () => {
      const w = variable([0, 0], [2]);
      const shadow = tf.variable(w); // as an average of the weights starts
      const compiled = compile((a: tf.Tensor) => {
        w.assign(tf.add(w, a));
        shadow.assign(tf.add(tf.mul(shadow, 0.5), tf.mul(w, 0.5)));
        return tf.sum(w);
      });
      const a = tf.tensor1d([1, 1]);
      for (let i = 0; i < 3; i++) (await compiled(a)).dispose();
      expect(Array.from(await w.data())).toEqual([3, 3]);
      expect(Array.from(await shadow.data())).toEqual([2.125, 2.125]);
      compiled.dispose();
      tf.dispose([w, shadow, a]);
    });
  });

  it('leaves clones of a variable alone', async () => {
    await expectNoLeak(async () => {
      const w = variable([1, 2], [2]);
      const copy = w.clone();
      const compiled = compile((a: tf.Tensor) => {
        w.assign(tf.add(w, a));
        return tf.sum(w);
      });
      const a = tf.tensor1d([1, 1]);
      const sums: number[] = [];
      for (let i = 0; i < 3; i++) {
        const sum = await compiled(a);
        sums.push((await sum.data())[0]);
        sum.dispose();
      }
      expect(sums).toEqual([5, 7, 9]);
      expect(Array.from(await copy.data())).toEqual([1, 2]); // a clone keeps the old value
      compiled.dispose();
      tf.dispose([w, copy, a]);
    });
  });

  it('refuses host data, randomness and reads inside the function, and stays usable', async () => {
    await expectNoLeak(async () => {
      const x = tf.tensor1d([1, 2]);
      const refuse = async (f: (a: tf.Tensor) => tf.Tensor, message: RegExp) => {
        const compiled = compile(f);
        await expect(compiled(x)).rejects.toThrow(message);
        compiled.dispose();
      };
      await refuse((a) => tf.add(a, tf.tensor1d([3, 4])), /host data of shape \[2\].*pass it as an argument/);
      await refuse((a) => tf.add(a, tf.randomNormal([2])), /host data/);
      await refuse((a) => tf.mul(a, Math.random()), /different numbers in two traces/);
      await refuse((a) => tf.scalar(a.dataSync()[0]), /reads a tensor value/);
      await refuse((a) => tf.complex(a, a), /a result of fn is complex64.*two tensors/);
      const words = tf.tensor1d(['a']);
      const echo = compile((a: tf.Tensor) => a);
      await expect(echo(words)).rejects.toThrow(/argument 1 of fn is string/);
      echo.dispose();
      words.dispose();
      const spectrum = compile((a: tf.Tensor) => tf.abs(tf.rfft(a)));
      const magnitudes = await spectrum(x);
      expect(Array.from(await magnitudes.data())).toEqual([3, 1]);
      spectrum.dispose();
      magnitudes.dispose();
      const good = compile((a: tf.Tensor) => tf.mul(a, 2));
      const y = await good(x);
      expect(Array.from(await y.data())).toEqual([2, 4]);
      good.dispose();
      tf.dispose([x, y]);
    });
  });

  it('returns arrays and records', async () => {
    await expectNoLeak(async () => {
      const x = tf.tensor1d([1, 2]);
      const list = compile((a: tf.Tensor) => [tf.add(a, 1), a, tf.sum(a)]);
      const record = compile((a: tf.Tensor) => ({ double: tf.mul(a, 2), sum: tf.sum(a) }));
      const [p, q, r] = await list(x);
      const { double, sum } = await record(x);
      const values = await Promise.all([p, q, r, double, sum].map(async (t) => Array.from(await t.data())));
      expect(values).toEqual([[2, 3], [1, 2], [3], [2, 4], [3]]);
      list.dispose();
      record.dispose();
      tf.dispose([x, p, q, r, double, sum]);
    });
  });
});
