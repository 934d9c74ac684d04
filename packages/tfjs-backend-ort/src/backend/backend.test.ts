import { executionProviders, expectNoLeak, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { clearCache, initOrt } from '../index.js';
import type { OrtBackend } from './backend.js';

beforeEach(() => initOrt({ executionProviders, threads: 2, maxSessions: 3 }));

const backend = () => tf.engine().backend as OrtBackend;

describe('tf.memory', () => {
  it('counts tensors, buffers and bytes exactly, pending or computed', async () => {
    const start = tf.memory();
    const change = () => {
      const { numTensors, numDataBuffers, numBytes } = tf.memory();
      return [
        numTensors - start.numTensors,
        numDataBuffers - start.numDataBuffers,
        numBytes - start.numBytes,
      ];
    };
    const a = tf.tensor2d(uniform('a', [3, 4]), [3, 4]);
    expect(change()).toEqual([1, 1, 48]);
    const b = tf.tidy(() => tf.relu(tf.add(tf.matMul(a, a, false, true), 1)));
    expect(change()).toEqual([2, 2, 84]);
    const same = b.clone();
    const shaped = tf.reshape(b, [9]);
    expect(change().slice(0, 1)).toEqual([4]);
    await b.data();
    expect(change().slice(0, 1)).toEqual([4]);
    expect(tf.memory().unreliable).toBe(false);
    const flags = tf.cast(b, 'bool');
    const whole = tf.cast(b, 'int32');
    tf.dispose([b, same, shaped]);
    expect(change()).toEqual([3, 3, 48 + 9 + 36]);
    await whole.data();
    tf.dispose([a, flags, whole]);
    expect(change()).toEqual([0, 0, 0]);
  });

  it('holds as many buffers as tfjs does, after reads, gradients, complex numbers and fallbacks', async () => {
    const before = backend().numDataIds();
    const x = tf.tensor2d(uniform('x', [4, 4]), [4, 4]);
    const gradient = tf.tidy(() => tf.grad((v: tf.Tensor) => tf.sum(tf.square(tf.softmax(v))))(x));
    const spectrum = tf.tidy(() => tf.abs(tf.fft(tf.complex(x, x))));
    const list = tf.tensor1d([1, 2, 2, 1]);
    const { values, indices } = tf.unique(list); // on tfjs's cpu
    await Promise.all([gradient.data(), spectrum.data()]);
    tf.dispose([x, gradient, spectrum, list, values, indices]);
    expect(backend().numDataIds()).toBe(before);
  });
});

describe('tf.profile and tf.time', () => {
  it('profile names the kernels, with shapes, bytes and times', async () => {
    const x = tf.tensor2d(uniform('x', [8, 8]), [8, 8]);
    const { kernels, newTensors, newBytes, peakBytes, result } = await tf.profile(() =>
      tf.tidy(() => tf.sum(tf.relu(tf.matMul(x, x)), 1)),
    );
    expect(kernels.map(({ name }) => name)).toEqual(['BatchMatMul', 'Relu', 'Sum']);
    expect(kernels.map(({ outputShapes }) => outputShapes)).toEqual([[[8, 8]], [[8, 8]], [[8]]]);
    for (const kernel of kernels) expect(await kernel.kernelTimeMs).toBeGreaterThan(0);
    expect(newTensors).toBe(1);
    expect(newBytes).toBe(32);
    expect(peakBytes).toBeGreaterThanOrEqual(2 * 256);
    const values = await (result as unknown as tf.Tensor).data();
    expect(values).toHaveLength(8);
    tf.dispose([x, result as unknown as tf.Tensor]);
  });

  it('time computes what the function left pending', async () => {
    await expectNoLeak(async () => {
      const x = tf.tensor2d(uniform('x', [64, 64]), [64, 64]);
      let y: tf.Tensor | undefined;
      const { kernelMs, wallMs } = await tf.time(() => {
        y = tf.matMul(x, x);
      });
      expect(kernelMs).toBeGreaterThan(0);
      expect(wallMs).toBeGreaterThanOrEqual(kernelMs as number);
      const sessions = backend().cachedSessions;
      await y!.data();
      expect(backend().cachedSessions).toBe(sessions); // computed already
      tf.dispose([x, y!]);
    });
  });
});

// Out of range, a GPU reads zeros.
describe.skipIf(executionProviders[0] === 'webgpu')('a failed run', () => {
  const outOfRange = (table: tf.Tensor) =>
    tf.tidy(() => tf.gather(table, tf.cast(tf.add(tf.sum(table), 100), 'int32').as1D()));

  it('is the error of the tensor that cannot be computed, and of no other', async () => {
    await expectNoLeak(async () => {
      const table = tf.tensor1d([1, 2, 3]);
      const good = tf.mul(table, 2);
      const bad = outOfRange(table);
      const after = tf.add(good, 1);
      await expect(bad.data()).rejects.toThrow(/Gather/);
      expect(Array.from(await good.data())).toEqual([2, 4, 6]);
      expect(Array.from(await after.data())).toEqual([3, 5, 7]);
      await expect(bad.data()).rejects.toThrow(/Gather/);
      bad.dispose();
      const later = tf.sum(after);
      expect((await later.data())[0]).toBe(15);
      tf.dispose([table, good, after, later]);
    });
  });

  it('leaves training usable', async () => {
    await expectNoLeak(async () => {
      const w = tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3])));
      const optimizer = tf.train.sgd(0.1);
      const step = () => optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
      step();
      const bad = outOfRange(w);
      expect(() => bad.dataSync()).toThrow(/Gather/);
      bad.dispose();
      step();
      const values = Array.from(await w.data(), (v) => Math.round(v * 1e4) / 1e4);
      expect(values).toEqual([0.64, 1.28, 1.92]);
      w.dispose();
      optimizer.dispose();
    });
  });
});

describe('the session cache', () => {
  const compute = async (length: number) => {
    const out = tf.tidy(() => tf.add(tf.ones([length]), 1));
    await out.data();
    out.dispose();
  };

  it('keeps the latest sessions, up to its bound', async () => {
    for (let length = 1; length <= 6; length++) await compute(length);
    expect(backend().cachedSessions).toBe(3);
  });

  it('is emptied by clearCache, and fills again', async () => {
    await compute(1);
    clearCache();
    expect(backend().cachedSessions).toBe(0);
    await compute(1);
    expect(backend().cachedSessions).toBe(1);
  });
});
