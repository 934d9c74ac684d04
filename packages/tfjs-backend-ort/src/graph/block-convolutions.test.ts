import { executionProviders, expectNoLeak, tolerance, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../compile/compile.js';
import { initOrt } from '../init.js';
import { currentBackend } from '../install.js';

const models: string[] = [];
const onModel = (bytes: Uint8Array) => models.push(new TextDecoder('latin1').decode(bytes));
beforeAll(() => initOrt({ executionProviders, threads: 2, onModel }));

const [HEIGHT, WIDTH, FROM, TO, SIZE] = [72, 120, 48, 32, 5];
const reorders = (model: string) => model.split('ReorderInput').length - 1;
const hasBlocks = () => currentBackend()!.runtime.convolutionBlock?.() !== undefined;

describe('convolutions in blocks', () => {
  const image = uniform('image', [1, HEIGHT, WIDTH, FROM]);
  const kernel = uniform('kernel', [SIZE, SIZE, FROM, TO]);
  const x = () => tf.tensor4d(image, [1, HEIGHT, WIDTH, FROM]);
  const w = () => tf.tensor4d(kernel, [SIZE, SIZE, FROM, TO]);

  /** One number of the result, by the definition, in double precision. */
  const convolved = (row: number, column: number, channel: number): number => {
    let sum = 0;
    for (let i = 0; i < SIZE; i++) {
      for (let j = 0; j < SIZE; j++) {
        const [y, x] = [row + i - 2, column + j - 2];
        if (y < 0 || y >= HEIGHT || x < 0 || x >= WIDTH) continue;
        for (let c = 0; c < FROM; c++) {
          sum += image[(y * WIDTH + x) * FROM + c] * kernel[((i * SIZE + j) * FROM + c) * TO + channel];
        }
      }
    }
    return sum;
  };

  it('give what the definition says, with a bias, for a kernel that changes', async () => {
    await expectNoLeak(async () => {
      const bias = uniform('bias', [TO]);
      const args = [x(), w(), tf.tensor1d(bias)] as const;
      const f = compile((x: tf.Tensor4D, w: tf.Tensor4D, b: tf.Tensor1D) =>
        tf.add(tf.conv2d(x, w, 1, 'same'), b),
      );
      models.length = 0;
      const result = await f(...args);
      const values = await result.data();
      if (hasBlocks()) expect(models.map(reorders)).toContain(1);
      for (let k = 0; k < 200; k++) {
        const [row, column, channel] = [(k * 17) % HEIGHT, (k * 53) % WIDTH, (k * 11) % TO];
        const expected = convolved(row, column, channel) + bias[channel];
        const actual = values[(row * WIDTH + column) * TO + channel];
        expect(Math.abs(actual - expected)).toBeLessThan(tolerance(1e-4));
      }
      f.dispose();
      tf.dispose([...args, result]);
    });
  });

  it('have the gradients of the plain ones: <conv(x, w), dy> = <x, dx> = <w, dw>', async () => {
    await expectNoLeak(async () => {
      const dy = tf.tensor4d(uniform('dy', [1, HEIGHT, WIDTH, TO]), [1, HEIGHT, WIDTH, TO]);
      const args = [x(), w(), dy] as const;
      const f = compile((x: tf.Tensor4D, w: tf.Tensor4D, dy: tf.Tensor4D) => {
        const loss = (x: tf.Tensor, w: tf.Tensor) =>
          tf.sum(tf.mul(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'), dy)) as tf.Scalar;
        const [dx, dw] = tf.grads(loss)([x, w]);
        return [loss(x, w), tf.sum(tf.mul(x, dx)), tf.sum(tf.mul(w, dw))];
      });
      const results = await f(...args);
      const [forward, byImage, byKernel] = await Promise.all(results.map(async (t) => (await t.data())[0]));
      const size = HEIGHT * WIDTH;
      expect(Math.abs(byImage - forward) / size).toBeLessThan(tolerance(1e-5));
      expect(Math.abs(byKernel - forward) / size).toBeLessThan(tolerance(1e-5));
      expect(Math.abs(forward) / size).toBeGreaterThan(1e-3);
      f.dispose();
      tf.dispose([...args, ...results]);
    });
  });

  it('move an image and a kernel that two of them share once', async () => {
    if (!hasBlocks()) return;
    await expectNoLeak(async () => {
      const args = [x(), w()] as const;
      const f = compile((x: tf.Tensor4D, w: tf.Tensor4D) => [
        tf.conv2d(x, w, 1, 'same'),
        tf.conv2d(x, w, 1, [
          [0, 0],
          [2, 2],
          [1, 1],
          [0, 0],
        ]),
      ]);
      models.length = 0;
      const [same, narrower] = await f(...args);
      expect(models.map(reorders)).toEqual([1]);
      const difference = tf.tidy(() =>
        tf.max(tf.abs(tf.sub(tf.slice(same, [0, 0, 1, 0], narrower.shape), narrower))),
      );
      expect((await difference.data())[0]).toBeLessThan(1e-4);
      f.dispose();
      tf.dispose([...args, same, narrower, difference]);
    });
  });

  it('leave frozen kernels, small images and odd channels to ONNX Runtime', async () => {
    await expectNoLeak(async () => {
      const frozen = tf.tidy(() => tf.variable(w()));
      const odd = tf.tensor4d(uniform('odd', [SIZE, SIZE, FROM, 31]), [SIZE, SIZE, FROM, 31]);
      const image = x();
      const f = compile(
        (x: tf.Tensor4D, odd: tf.Tensor4D) => {
          const small = tf.slice(x, [0, 0, 0, 0], [1, 16, 16, FROM]) as tf.Tensor4D;
          return [
            tf.conv2d(x, frozen as tf.Variable<tf.Rank.R4>, 1, 'same'),
            tf.conv2d(x, odd, 1, 'same'),
            tf.conv2d(small, odd, 1, 'same'),
          ];
        },
        { freeze: [frozen] },
      );
      models.length = 0;
      const results = await f(image, odd);
      expect(models.map(reorders)).toEqual([0]);
      const values = await results[0].data();
      expect(Math.abs(values[0] - convolved(0, 0, 0))).toBeLessThan(tolerance(1e-4));
      f.dispose();
      tf.dispose([frozen, odd, image, ...results]);
    });
  });
});
