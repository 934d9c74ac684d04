import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import { expectSame, gradsOf, useOrt } from '../../testing/against-cpu.js';

useOrt();

describe('convolution', () => {
  type Pad = 'same' | 'valid' | [[0, 0], [number, number], [number, number], [0, 0]];
  const cases: [string, number[], number[], number, Pad, number][] = [
    ['3x3 same', [2, 7, 6, 3], [3, 3, 3, 4], 1, 'same', 1],
    ['1x1', [2, 5, 6, 3], [1, 1, 3, 4], 1, 'valid', 1],
    ['1x1 stride 2', [2, 7, 6, 3], [1, 1, 3, 4], 2, 'valid', 1],
    [
      '7x7 stride 2, explicit pad',
      [1, 16, 16, 3],
      [7, 7, 3, 4],
      2,
      [
        [0, 0],
        [3, 3],
        [3, 3],
        [0, 0],
      ],
      1,
    ],
    ['3x3 stride 2 same', [2, 8, 9, 3], [3, 3, 3, 4], 2, 'same', 1],
    ['3x3 stride 3 leaves a rest', [1, 11, 10, 2], [3, 3, 2, 2], 3, 'valid', 1],
    ['3x2 valid', [1, 8, 9, 3], [3, 2, 3, 4], 1, 'valid', 1],
    ['dilated', [1, 9, 9, 3], [3, 3, 3, 4], 1, 'same', 2],
    ['more channels', [2, 8, 9, 6], [3, 3, 6, 5], 1, 'same', 1],
    ['more channels, stride 2', [2, 8, 9, 6], [3, 3, 6, 5], 2, 'same', 1],
    ['more channels, many positions', [1, 96, 128, 5], [3, 3, 5, 6], 1, 'same', 1],
    ['more channels, many positions, stride 2', [1, 192, 256, 5], [3, 3, 5, 6], 2, 'same', 1],
    ['many channels, few positions', [2, 4, 4, 24], [3, 3, 24, 16], 1, 'same', 1],
    ['many channels, few positions, stride 2', [3, 4, 4, 24], [3, 3, 24, 16], 2, 'same', 1],
  ];
  for (const [name, x, w, stride, pad, dilation] of cases) {
    const conv = (a: tf.Tensor, b: tf.Tensor) =>
      tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad, 'NHWC', dilation);
    it(name, () => expectSame(conv, [x, w]));
    // tfjs's cpu gradients do not know dilation.
    if (dilation === 1) it(`${name} gradients`, () => expectSame(gradsOf(conv), [x, w], { error: 1e-4 }));
  }
  it('depthwise', () =>
    expectSame(
      (a, b) => tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same'),
      [
        [2, 6, 5, 3],
        [3, 3, 3, 2],
      ],
    ));
  it('depthwise gradients', () =>
    expectSame(
      gradsOf((a, b) => tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, 2, 'same')),
      [
        [2, 6, 5, 3],
        [3, 3, 3, 2],
      ],
      { error: 1e-4 },
    ));
  it('fused conv', () =>
    expectSame(
      (a, b, c) =>
        tf.fused.conv2d({
          x: a as tf.Tensor4D,
          filter: b as tf.Tensor4D,
          strides: 1,
          pad: 'same',
          bias: c,
          activation: 'relu',
        }),
      [[2, 6, 5, 3], [3, 3, 3, 4], [4]],
    ));
  it('transposed', () =>
    expectSame(
      (a, b) => tf.conv2dTranspose(a as tf.Tensor4D, b as tf.Tensor4D, [1, 9, 9, 2], 2, 'same'),
      [
        [1, 5, 5, 3],
        [3, 3, 2, 3],
      ],
    ));
  it('a layer of a network, with gradients, stays in one layout', () =>
    expectSame(
      gradsOf((x, w, bias, w2) => {
        const h = tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'), bias));
        const g = tf.reshape(h, [2, 6, 6, 2, 2]);
        const normal = tf.reshape(
          tf.div(
            tf.sub(g, tf.mean(g, [1, 2, 4], true)),
            tf.sqrt(tf.add(tf.mean(tf.square(g), [1, 2, 4], true), 1e-3)),
          ),
          [2, 6, 6, 4],
        );
        return tf.conv2d(normal as tf.Tensor4D, w2 as tf.Tensor4D, 2, 'valid');
      }),
      [[2, 6, 6, 3], [3, 3, 3, 4], [4], [3, 3, 4, 2]],
      { error: 1e-4 },
    ));
});
