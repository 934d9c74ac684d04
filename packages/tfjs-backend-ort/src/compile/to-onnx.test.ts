import { expectNoLeak, relativeError, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import ort from 'onnxruntime-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { initOrt } from '../init.js';
import { toOnnx } from './to-onnx.js';

beforeAll(() => initOrt({ threads: 1 }));
afterAll(() => tf.disposeVariables());

const shape = [2, 5, 5, 3] as [number, number, number, number];
const values = uniform('x', shape);
const kernel = () => tf.tidy(() => tf.variable(tf.tensor4d(uniform('k', [3, 3, 3, 4]), [3, 3, 3, 4])));

it('gives a file that plain ONNX Runtime runs with the same result', async () => {
  await expectNoLeak(async () => {
    const w = kernel();
    const fn = (x: tf.Tensor, t: tf.Tensor) => {
      const y = tf.conv2d(tf.mul(x, t) as tf.Tensor4D, w as tf.Tensor4D, 1, 'same');
      return [tf.relu(y), tf.mean(y, [1, 2]), x];
    };
    const bytes = await toOnnx(fn as never, {
      inputs: [
        { name: 'x', shape },
        { name: 't', shape: [] },
      ],
      outputs: ['y', 'mean', 'same'],
      metadata: { layout: 'NHWC' },
    });
    const session = await ort.InferenceSession.create(bytes);
    expect(session.inputNames).toEqual(expect.arrayContaining(['x', 't']));
    expect(session.outputNames).toEqual(['y', 'mean', 'same']);
    const x = tf.tensor4d(values, shape);
    const t = tf.scalar(0.7);
    const expected = tf.tidy(() => fn(x, t).map((y) => y.clone()));
    const actual = await session.run({
      x: new ort.Tensor('float32', values, shape),
      t: new ort.Tensor('float32', Float32Array.of(0.7), []),
    });
    for (const [i, name] of ['y', 'mean', 'same'].entries()) {
      expect(actual[name].dims).toEqual(expected[i].shape);
      expect(
        relativeError(actual[name].data as Float32Array, (await expected[i].data()) as Float32Array),
      ).toBeLessThan(1e-6);
    }
    await session.release();
    tf.dispose([x, t, w, ...expected]);
  });
});

it('refuses what would not be the function', async () => {
  const w = kernel();
  const inputs = [{ name: 'x', shape }];
  await expect(toOnnx(() => tf.mul(w, 2), { inputs, outputs: ['y'] })).rejects.toThrow('it ignores x');
  await expect(toOnnx((x) => tf.mul(x, 2), { inputs, outputs: ['y', 'z'] })).rejects.toThrow(
    'toOnnx: needs 2 outputs (y, z), got 1',
  );
  const assigns = (x: tf.Tensor) => {
    w.assign(tf.mul(w, 2));
    return tf.mul(x, 2);
  };
  await expect(toOnnx(assigns, { inputs, outputs: ['y'] })).rejects.toThrow('it assigns');
  w.dispose();
});
