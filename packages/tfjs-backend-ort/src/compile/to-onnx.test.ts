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

it('takes bytes as they are', async () => {
  for (const n of [2, null]) {
    const bytes = await toOnnx((image) => tf.div(tf.cast(image, 'float32'), 255), {
      inputs: [{ name: 'image', shape: [n, 3], dtype: 'uint8' }],
      outputs: ['y'],
    });
    const session = await ort.InferenceSession.create(bytes);
    const [{ name, ...input }] = session.inputMetadata;
    expect([name, input.isTensor && input.type]).toEqual(['image', 'uint8']);
    const image = new ort.Tensor('uint8', Uint8Array.of(0, 1, 127, 128, 254, 255), [2, 3]);
    const { y } = await session.run({ image });
    expect([...(y.data as Float32Array)]).toEqual(
      [0, 1, 127, 128, 254, 255].map((v) => Math.fround(v / 255)),
    );
    await session.release();
  }
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

it('serves any batch size where a shape says null', async () => {
  await expectNoLeak(async () => {
    const w = kernel();
    const fn = (x: tf.Tensor4D, t: tf.Tensor1D) => {
      const [n, height, width, channels] = x.shape;
      const y = tf.conv2d(tf.mul(x, tf.reshape(t, [n, 1, 1, 1])) as tf.Tensor4D, w as tf.Tensor4D, 1, 'same');
      // the size in a product with other dimensions, in a slice's ends, in repetitions, in a fill and in two dimensions
      const rows = tf.reshape(tf.transpose(y, [2, 0, 1, 3]), [width * n, height * 4]) as tf.Tensor2D;
      const half = tf.reshape(tf.slice(rows, [n, 1], [2 * n, 3]), [2, n, 3]);
      const times = tf.tile(tf.reshape(t, [1, n]), [n, 2]);
      const filled = tf.concat([tf.fill([n, 1], 7), tf.reshape(t, [n, 1])], 1);
      const gram = tf.matMul(rows, rows, true);
      const turned = tf.reverse(tf.pad(t, [[2, 1]]));
      return [
        y,
        half,
        times,
        filled,
        gram,
        turned,
        tf.mean(tf.reshape(x, [n, height * width * channels]), 1),
      ];
    };
    const outputs = ['y', 'half', 'times', 'filled', 'gram', 'turned', 'mean'];
    const bytes = await toOnnx(fn as never, {
      inputs: [
        { name: 'x', shape: [null, 5, 5, 3] },
        { name: 't', shape: [null] },
      ],
      outputs,
    });
    const session = await ort.InferenceSession.create(bytes);
    const shapes = [...session.inputMetadata, ...session.outputMetadata].map(
      (each) => `${each.name} ${each.isTensor && each.shape}`,
    );
    expect(shapes.sort()).toEqual([
      'filled n,2',
      'gram 20,20',
      'half 2,n,3',
      'mean n',
      't n',
      'times n,2n',
      'turned n+3',
      'x n,5,5,3',
      'y n,5,5,4',
    ]);
    for (const n of [1, 2, 3, 5]) {
      const shape = [n, 5, 5, 3] as [number, number, number, number];
      const values = uniform(`x${n}`, shape);
      const times = uniform(`t${n}`, [n]);
      const expected = tf.tidy(() =>
        fn(tf.tensor4d(values, shape), tf.tensor1d(times)).map((y) => [y.shape, y.dataSync()]),
      );
      const actual = await session.run({
        x: new ort.Tensor('float32', values, shape),
        t: new ort.Tensor('float32', times, [n]),
      });
      for (const [i, [shape, values]] of expected.entries()) {
        expect(actual[outputs[i]].dims).toEqual(shape);
        expect(
          relativeError(actual[outputs[i]].data as Float32Array, values as Float32Array),
          `${outputs[i]} of ${n}`,
        ).toBeLessThan(1e-5);
      }
    }
    await session.release();
    w.dispose();
  });
});

it('refuses what is another graph at another batch size', async () => {
  const inputs = [{ name: 'x', shape: [null, 4] }];
  const refused = (fn: (x: tf.Tensor) => tf.Tensor) => expect(toOnnx(fn, { inputs, outputs: ['y'] })).rejects;
  await expectNoLeak(async () => {
    await refused((x) => tf.addN(tf.unstack(x))).toThrow(
      /^toOnnx: the function is not one graph for any size: .* operations; give a number in place of null$/,
    );
    await refused((x) => tf.mul(x, x.shape[0])).toThrow('Mul computes with it as a float32');
    await refused((x) => tf.mul(x, tf.ones([x.shape[0] % 5, 4]).sum(0))).toThrow('a number of Expand is');
    await refused((x) => (x.shape[0] > 1035 ? tf.sin(x) : tf.cos(x))).toThrow('is Cos(float32)');
    await refused((x) => (x.shape[0] > 1035 ? tf.sub(tf.sin(x), x) : tf.sub(x, tf.sin(x)))).toThrow(
      'Sub takes another tensor',
    );
  });
});
