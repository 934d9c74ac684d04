import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executionProviders, expectNoLeak, relativeError, tolerance, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { initOrt } from '../init.js';
import { compile } from './compile.js';

const models: Uint8Array[] = [];
beforeAll(() => initOrt({ executionProviders, threads: 2, onModel: (bytes) => models.push(bytes) }));

const variable = (name: string, shape: number[], values = uniform(name, shape)) =>
  tf.tidy(() => tf.variable(tf.tensor(values, shape)));
const nodeTypes = (bytes: Uint8Array) =>
  ['Conv', 'Mul', 'Add', 'Rsqrt', 'Sqrt'].filter((type) =>
    new TextDecoder('latin1').decode(bytes).includes(type),
  );

/** 2 * 1024 * 4096 * 4 bytes, more than memory needs to hold twice. */
const LARGE: [number, number] = [1024, 4096];
const large = uniform('w', LARGE);
const isTimes = (data: ArrayLike<number>, factor: number) =>
  data.length === large.length && large.every((value, i) => Math.fround(value * factor) === data[i]);
const temporaryFolders = () => readdirSync(tmpdir());
const openFiles = () => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0);

// other processes make temporary folders too: these tests have a place of their own
const own = mkdtempSync(join(tmpdir(), 'frozen-'));
beforeAll(() => void vi.stubEnv('TMPDIR', own));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(own, { recursive: true });
});

describe('frozen variables', () => {
  it('normalisation by frozen statistics becomes part of the kernel', async () => {
    await expectNoLeak(async () => {
      const kernel = variable('k', [3, 3, 3, 8]) as tf.Variable<tf.Rank.R4>;
      const bias = variable('b', [8]);
      const [weight, mean, variance, offset] = ['w', 'm', 'v', 'o'].map((name) => variable(name, [8]));
      const f = (x: tf.Tensor4D) => {
        const scale = tf.mul(weight, tf.rsqrt(tf.add(tf.square(variance), 1e-5)));
        const y = tf.add(tf.conv2d(x, kernel, 1, 'same'), bias);
        return tf.relu(tf.add(tf.mul(y, scale), tf.sub(offset, tf.mul(mean, scale))));
      };
      const compiled = compile(f, { freeze: [kernel, bias, weight, mean, variance, offset] });
      const x = tf.tensor4d(uniform('x', [2, 6, 5, 3]), [2, 6, 5, 3]);
      const expected = tf.tidy(() => f(x));
      await expected.data();
      models.length = 0;
      const actual = await compiled(x);
      expect(nodeTypes(models.at(-1)!)).toEqual(['Conv']);
      expect(relativeError(await actual.data(), await expected.data())).toBeLessThan(tolerance(1e-6));
      compiled.dispose();
      tf.dispose([kernel, bias, weight, mean, variance, offset, x, expected, actual]);
    });
  });

  it('a factor that is used twice, or not frozen, stays', async () => {
    await expectNoLeak(async () => {
      const kernel = variable('k', [1, 1, 3, 8]) as tf.Variable<tf.Rank.R4>;
      const [frozen, free] = ['s', 't'].map((name) => variable(name, [8]));
      const f = (x: tf.Tensor4D) => {
        const y = tf.conv2d(x, kernel, 1, 'same');
        return [tf.mul(y, frozen), y, tf.mul(tf.conv2d(x, kernel, 2, 'same'), free)];
      };
      const compiled = compile(f, { freeze: [kernel, frozen] });
      const x = tf.tensor4d(uniform('x', [1, 4, 4, 3]), [1, 4, 4, 3]);
      const expected = tf.tidy(() => f(x));
      for (let round = 0; round < 2; round++) {
        const actual = await compiled(x);
        for (const [i, tensor] of actual.entries()) {
          expect(relativeError(await tensor.data(), await expected[i].data())).toBeLessThan(tolerance(1e-6));
        }
        tf.dispose(actual);
      }
      compiled.dispose();
      tf.dispose([kernel, frozen, free, x, ...expected]);
    });
  });

  it('gives what depends on frozen variables alone', async () => {
    await expectNoLeak(async () => {
      const w = variable('w', [4]);
      const compiled = compile(
        (x: tf.Tensor) => {
          const double = tf.mul(w, 2);
          return [double, tf.add(x, double), w];
        },
        { freeze: [w] },
      );
      const x = tf.tensor1d([1, 2, 3, 4]);
      const results = await compiled(x);
      const [double, sum, same] = await Promise.all(results.map((t) => t.data()));
      const values = uniform('w', [4]);
      expect(double).toEqual(values.map((v) => v * 2));
      expect(sum).toEqual(values.map((v, i) => v * 2 + i + 1));
      expect(same).toEqual(values);
      compiled.dispose();
      tf.dispose([w, x, ...results]);
    });
  });

  it('large ones are read, computed with, assigned and trained as before, and leave no file', async () => {
    const folders = temporaryFolders().length;
    const files = openFiles();
    await expectNoLeak(async () => {
      const w = variable('w', LARGE, large.slice()) as tf.Variable<tf.Rank.R2>;
      const compiled = compile((x: tf.Tensor2D) => tf.matMul(x, w), { freeze: [w] });
      const check = async (rows: number, factor: number) => {
        const x = tf.tidy(() => tf.eye(LARGE[0]).slice([0, 0], [rows, LARGE[0]]) as tf.Tensor2D);
        const y = await compiled(x);
        const expected = large.subarray(0, rows * LARGE[1]).map((v) => v * factor);
        expect(relativeError(await y.data(), expected)).toBeLessThan(tolerance(1e-6));
        tf.dispose([x, y]);
      };
      await check(1, 1);
      await check(2, 1); // another signature
      expect(isTimes(await w.data(), 1)).toBe(true);
      expect(isTimes(w.dataSync(), 1)).toBe(true);
      expect(temporaryFolders()).toHaveLength(folders);
      const triple = tf.mul(w, 3) as tf.Tensor2D;
      w.assign(triple);
      triple.dispose();
      await check(1, 3);
      const step = compile(() => {
        w.assign(tf.mul(w, 0.5));
        return undefined;
      });
      await step();
      await check(2, 1.5);
      step.dispose();
      compiled.dispose();
      w.dispose();
    });
    expect(temporaryFolders()).toHaveLength(folders);
    expect(openFiles()).toBe(files);
  });

  it('a pending tensor has the value of a large variable that is gone', async () => {
    await expectNoLeak(async () => {
      const w = variable('w', LARGE, large.slice()) as tf.Variable<tf.Rank.R2>;
      const compiled = compile((x: tf.Tensor2D) => tf.matMul(x, w), { freeze: [w] });
      const x = tf.tidy(() => tf.ones([1, LARGE[0]]) as tf.Tensor2D);
      (await compiled(x)).dispose();
      const pending = tf.neg(w);
      compiled.dispose();
      tf.dispose([w, x]);
      expect(isTimes(await pending.data(), -1)).toBe(true);
      pending.dispose();
    });
  });

  it('works where no temporary file can be made, and says what that costs', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    vi.stubEnv('TMPDIR', '/dev/null/none');
    try {
      await expectNoLeak(async () => {
        const w = variable('w', LARGE, large.slice()) as tf.Variable<tf.Rank.R2>;
        const compiled = compile((x: tf.Tensor2D) => tf.matMul(x, w), { freeze: [w] });
        const x = tf.tidy(() => tf.eye(LARGE[0]).slice([0, 0], [1, LARGE[0]]) as tf.Tensor2D);
        const y = await compiled(x);
        const expected = large.subarray(0, LARGE[1]);
        expect(relativeError(await y.data(), expected)).toBeLessThan(tolerance(1e-6));
        expect(warn.mock.calls.flat().join()).toMatch(/no temporary file for frozen variables.*Set TMPDIR/);
        compiled.dispose();
        tf.dispose([w, x, y]);
      });
    } finally {
      vi.unstubAllEnvs();
      warn.mockRestore();
    }
  });
});
