import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import { expectGradientsOfDifferences, expectSame, gradsOf, useOrt } from '../../testing/against-cpu.js';

useOrt();

type Pad = 'same' | 'valid' | number;

describe('3-D pooling', () => {
  const cases: [number, number, Pad][] = [
    [2, 2, 'valid'],
    [3, 1, 'same'],
    [2, 1, 1],
    [3, 2, 'same'],
  ];
  for (const [size, stride, pad] of cases) {
    for (const [kind, pool] of Object.entries({ avg: tf.avgPool3d, max: tf.maxPool3d })) {
      const f = (x: tf.Tensor) =>
        pool(x as tf.Tensor5D, size, stride, pad, typeof pad === 'number' ? 'floor' : undefined);
      it(`${kind} ${size} stride ${stride} ${pad}`, () => expectSame(f, [[2, 4, 5, 4, 3]]));
      // tfjs's cpu gradient of a padded average is not its forward's derivative.
      if (kind === 'max' || pad === 'valid') {
        it(`${kind} ${size} stride ${stride} ${pad} gradient`, () =>
          expectSame(gradsOf(f), [[2, 4, 4, 6, 2]]));
      }
    }
  }
});

describe('average pooling with padding', () => {
  it('2-D gradient, same', () =>
    expectGradientsOfDifferences((x) => tf.avgPool(x as tf.Tensor4D, 3, 2, 'same'), [[1, 5, 4, 2]]));
  it('2-D gradient, stride 1', () =>
    expectGradientsOfDifferences((x) => tf.avgPool(x as tf.Tensor4D, 3, 1, 'same'), [[1, 4, 5, 2]]));
  it('3-D gradient', () =>
    expectGradientsOfDifferences((x) => tf.avgPool3d(x as tf.Tensor5D, 2, 1, 'same'), [[1, 3, 3, 2, 2]]));
});

describe('padding as wide as the window', () => {
  it('average', () => expectSame((x) => tf.avgPool3d(x as tf.Tensor5D, 2, 1, 2), [[1, 2, 3, 2, 2]]));
  it('max gradient', () => {
    // A window wholly inside the padding has the maximum -Infinity, so only the interior's gradient is compared.
    const f = (x: tf.Tensor) => {
      const pooled = tf.maxPool(x as tf.Tensor4D, 2, 1, 2, 'floor');
      return tf.slice(pooled, [0, 1, 1, 0], [1, 4, 5, 2]);
    };
    return expectSame((x) => tf.grad((v: tf.Tensor) => tf.sum(tf.mul(f(v), f(v))))(x), [[1, 3, 4, 2]]);
  });
});

it('max pooling with the places of the maxima', () =>
  expectSame(
    (x) =>
      [false, true].flatMap((includeBatch) => {
        const { result, indexes } = tf.maxPoolWithArgmax(x as tf.Tensor4D, 2, 1, 'same', includeBatch);
        return [result, indexes];
      }),
    [[2, 4, 5, 3]],
  ));
