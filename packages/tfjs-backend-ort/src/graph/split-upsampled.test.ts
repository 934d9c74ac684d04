import { executionProviders, expectNoLeak, tolerance, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../compile/compile.js';
import { initOrt } from '../init.js';
import { currentBackend } from '../install.js';

const models: string[] = [];
const onModel = (bytes: Uint8Array) => models.push(new TextDecoder('latin1').decode(bytes));
beforeAll(() => initOrt({ executionProviders, threads: 2, onModel }));

const [N, HEIGHT, WIDTH, FROM, TO] = [2, 16, 24, 32, 5];
const image = uniform('image', [N, HEIGHT, WIDTH, FROM]);
const kernel = uniform('kernel', [3, 3, FROM, TO]);
const bias = uniform('bias', [TO]);

/** One number of the result, by the definition, in double precision. */
function convolved(n: number, row: number, column: number, channel: number): number {
  let sum = bias[channel];
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      const [y, x] = [row + i - 1, column + j - 1];
      if (y < 0 || y >= 2 * HEIGHT || x < 0 || x >= 2 * WIDTH) continue;
      for (let c = 0; c < FROM; c++) {
        sum +=
          image[((n * HEIGHT + (y >> 1)) * WIDTH + (x >> 1)) * FROM + c] *
          kernel[((i * 3 + j) * FROM + c) * TO + channel];
      }
    }
  }
  return sum;
}

describe('convolutions of an enlarged image', () => {
  const enlarge = (x: tf.Tensor4D) => tf.image.resizeNearestNeighbor(x, [2 * HEIGHT, 2 * WIDTH]);
  const isSplit = (model: string) => !model.includes('Resize') && model.includes('Concat');

  it('with a frozen kernel give what the definition says, from the image as it was', async () => {
    await expectNoLeak(async () => {
      const x = tf.tensor4d(image, [N, HEIGHT, WIDTH, FROM]);
      const b = tf.tensor1d(bias);
      const w = tf.tidy(() => tf.variable(tf.tensor4d(kernel, [3, 3, FROM, TO])));
      const f = compile(
        (x: tf.Tensor4D, b: tf.Tensor1D) => tf.add(tf.conv2d(enlarge(x), w as tf.Tensor4D, 1, 'same'), b),
        { freeze: [w] },
      );
      models.length = 0;
      const result = await f(x, b);
      expect(models.some(isSplit)).toBe(currentBackend()!.runtime.isCpu);
      const values = await result.data();
      let at = 0;
      for (let n = 0; n < N; n++)
        for (let row = 0; row < 2 * HEIGHT; row++)
          for (let column = 0; column < 2 * WIDTH; column++, at += TO)
            for (const channel of [0, TO - 1]) {
              const difference = Math.abs(values[at + channel] - convolved(n, row, column, channel));
              if (difference > tolerance(1e-4)) expect.fail(`${difference} at ${[n, row, column, channel]}`);
            }
      f.dispose();
      tf.dispose([x, b, w, result]);
    });
  });

  it('stay as they are with a kernel that changes, other strides and few channels', async () => {
    await expectNoLeak(async () => {
      const x = tf.tensor4d(image, [N, HEIGHT, WIDTH, FROM]);
      const w = tf.tidy(() => tf.variable(tf.tensor4d(kernel, [3, 3, FROM, TO])));
      const changing = w.clone();
      const f = compile(
        (x: tf.Tensor4D, changing: tf.Tensor4D) => {
          const large = enlarge(x);
          const few = tf.slice(w as tf.Tensor4D, 0, [3, 3, 8, TO]);
          return [
            tf.conv2d(large, changing, 1, 'same'),
            tf.conv2d(large, w as tf.Tensor4D, 2, 'same'),
            tf.conv2d(large, w as tf.Tensor4D, 1, 'valid'),
            tf.conv2d(enlarge(tf.slice(x, 0, [N, HEIGHT, WIDTH, 8])), few, 1, 'same'),
          ];
        },
        { freeze: [w] },
      );
      models.length = 0;
      const results = await f(x, changing);
      expect(models.some((model) => model.split('Resize').length > 2)).toBe(true);
      const values = await results[0].data();
      const [row, column] = [2 * HEIGHT - 1, 7];
      const expected = convolved(1, row, column, 2) - bias[2];
      const actual = values[((2 * HEIGHT + row) * 2 * WIDTH + column) * TO + 2];
      expect(Math.abs(actual - expected)).toBeLessThan(tolerance(1e-4));
      f.dispose();
      tf.dispose([x, w, changing, ...results]);
    });
  });
});
