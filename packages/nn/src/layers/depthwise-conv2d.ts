import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { kaimingNormalDepthwise } from '../state/initializers.js';
import type { Scope } from '../state/parameters.js';

export interface DepthwiseConv2dOptions {
  channels: number;
  /** Side of the square kernel. */
  kernelSize: number;
  /** @default 1 */
  stride?: number;
}

/**
 * A convolution of each channel of [n, h, w, channels] by itself, padded as TensorFlow's `same`: PyTorch's Conv2d with
 * `groups=channels` and no bias. Registers `weight`, PyTorch's shape [channels, 1, k, k].
 */
export function depthwiseConv2d(
  scope: Scope,
  options: DepthwiseConv2dOptions,
): (x: tf.Tensor4D) => tf.Tensor4D {
  checkOptions('depthwiseConv2d', options, { channels: true, kernelSize: true, stride: true });
  const { channels, kernelSize, stride = 1 } = options;
  const weight = scope.parameter('weight', [channels, 1, kernelSize, kernelSize], {
    layout: 'depthwise',
    init: kaimingNormalDepthwise,
  }) as tf.Variable<tf.Rank.R4>;
  return (x) => tf.depthwiseConv2d(x, weight, stride, 'same');
}
