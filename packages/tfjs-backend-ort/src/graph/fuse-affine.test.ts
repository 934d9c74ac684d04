import { executionProviders, expectNoLeak, relativeError, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../compile/compile.js';
import { install } from '../install.js';
import { nodeRuntime } from '../runtime/node/node.js';

const models: string[] = [];
const onModel = (bytes: Uint8Array) => models.push(new TextDecoder('latin1').decode(bytes));
const normalizations = () => Math.max(...models.map((model) => model.split('BatchNormalization').length - 1));

const [n, h, w, c] = [2, 9, 11, 5];
type Numbers = [number, number, number, number];
const cases: { what: string; scale: Numbers; offset: Numbers; fused: number }[] = [
  { what: 'per image', scale: [n, 1, 1, c], offset: [n, 1, 1, c], fused: 1 },
  { what: 'for all images', scale: [1, 1, 1, c], offset: [1, 1, 1, c], fused: 1 },
  { what: 'a scale per image, an offset for all', scale: [n, 1, 1, c], offset: [1, 1, 1, c], fused: 0 },
  { what: 'an image as the offset', scale: [n, 1, 1, c], offset: [n, h, w, c], fused: 0 },
  { what: 'a number as the scale', scale: [1, 1, 1, 1], offset: [n, 1, 1, c], fused: 0 },
];

// The graphs that a GPU gets, computed by the processor.
describe.runIf(executionProviders[0] === 'cpu')('scale and offset of channels', () => {
  beforeAll(() =>
    install(
      { ...nodeRuntime({ executionProviders: ['cpu'], graphCache: null }), isCpu: false },
      { threads: 2, onModel },
    ),
  );

  const run = async (make: (x: tf.Tensor, s: tf.Tensor, b: tf.Tensor) => tf.Tensor, shapes: Numbers[]) => {
    const shape = [n, h, w, c];
    const inputs = [shape, ...shapes].map((each, i) => tf.tensor(uniform(`input${i}`, each), each));
    // The image comes out of a convolution, with its channels first in memory.
    const kernel = tf.tidy(() => tf.reshape(tf.eye(c), [1, 1, c, c]) as tf.Tensor4D);
    const f = compile((...[x, s, b, kernel]: tf.Tensor[]) =>
      make(tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same'), s, b),
    );
    models.length = 0;
    const found = await f(...inputs, kernel);
    const expected = tf.tidy(() => make(inputs[0], inputs[1], inputs[2]));
    expect(relativeError(await found.data(), await expected.data())).toBeLessThan(1e-6);
    f.dispose();
    tf.dispose([...inputs, kernel, found, expected]);
  };

  it.each(cases)('$what', async ({ scale, offset, fused }) => {
    await expectNoLeak(async () => {
      await run((x, s, b) => tf.add(tf.mul(x, s), b), [scale, offset]);
      expect(normalizations()).toBe(fused);
    });
  });

  it('stay apart where the product is needed', async () => {
    await expectNoLeak(async () => {
      const make = (x: tf.Tensor, s: tf.Tensor, b: tf.Tensor) => {
        const product = tf.mul(x, s);
        return tf.mul(tf.add(product, b), product);
      };
      await run(make, [
        [n, 1, 1, c],
        [n, 1, 1, c],
      ]);
      expect(normalizations()).toBe(0);
    });
  });
});
