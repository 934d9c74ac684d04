import { executionProviders, expectNoLeak, relativeError, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { compile } from '../compile/compile.js';
import { initOrt } from '../init.js';
import { currentBackend } from '../install.js';

const models: string[] = [];
const onModel = (bytes: Uint8Array) => models.push(new TextDecoder('latin1').decode(bytes));
beforeAll(() => initOrt({ executionProviders, threads: 2, onModel }));

const [SIZE, FROM, TO] = [8, 16, 16];
const sums = () => Math.max(...models.map((model) => model.split('Add').length - 1));

it.each(['frozen', 'changing'])('a sum with a vector that changes, beside a %s kernel', async (kind) => {
  await expectNoLeak(async () => {
    const x = tf.tensor4d(uniform('x', [1, SIZE, SIZE, FROM]), [1, SIZE, SIZE, FROM]);
    const w = tf.tidy(() => tf.variable(tf.tensor4d(uniform('w', [1, 1, FROM, TO]), [1, 1, FROM, TO])));
    const b = tf.tensor1d(uniform('b', [TO]));
    const f = compile(
      (x: tf.Tensor4D, b: tf.Tensor1D) => tf.add(tf.conv2d(x, w as tf.Tensor4D, 1, 'same'), b),
      { freeze: kind === 'frozen' ? [w] : [] },
    );
    models.length = 0;
    const result = await f(x, b);
    // beside a fixed kernel it stays a node of its own, where there are blocks
    expect(sums()).toBe(kind === 'frozen' && currentBackend()!.runtime.isCpu ? 1 : 0);
    // a 1x1 convolution is a product of matrices
    const product = tf.tidy(() => {
      const [rows, columns] = [tf.reshape(x, [-1, FROM]), tf.reshape(w, [FROM, TO])];
      return tf.add(tf.matMul(rows, columns), b);
    });
    const expected = (await product.data()) as Float32Array;
    expect(relativeError((await result.data()) as Float32Array, expected)).toBeLessThan(1e-5);
    f.dispose();
    tf.dispose([x, w, b, result, product]);
  });
});
