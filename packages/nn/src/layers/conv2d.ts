import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { type Initializer, torchUniform, zeros } from '../state/initializers.js';
import type { Scope } from '../state/parameters.js';

export interface Conv2dOptions {
  inChannels: number;
  outChannels: number;
  /** Side of the square kernel. */
  kernelSize: number;
  /** @default 1 */
  stride?: number;
  /** Zeros added on every side, as in PyTorch, or TensorFlow's `same`: ceil(side / stride) outputs. @default 0 */
  padding?: number | 'same';
  /** @default true */
  bias?: boolean;
  /** Of the weight. @default PyTorch's: uniform in +-1/sqrt(fanIn) */
  init?: Initializer;
  /** Start at zero, weight and bias. @default false */
  zero?: boolean;
  /** Name and load the weight as PyTorch's Conv1d of kernel 1, shape [out, in, 1]. @default false */
  as1d?: boolean;
}

/** A convolution over [n, h, w, inChannels], alignment as in PyTorch. Registers `weight` and `bias`. */
export function conv2d(scope: Scope, options: Conv2dOptions): (x: tf.Tensor4D) => tf.Tensor4D {
  checkOptions('conv2d', options, {
    inChannels: true,
    outChannels: true,
    kernelSize: true,
    stride: true,
    padding: true,
    bias: true,
    init: true,
    zero: true,
    as1d: true,
  });
  const {
    inChannels,
    outChannels,
    kernelSize,
    stride = 1,
    padding = 0,
    bias = true,
    zero = false,
    as1d = false,
    init = zero ? zeros : torchUniform(inChannels * kernelSize ** 2),
  } = options;
  const weight = scope.parameter(
    'weight',
    as1d ? [outChannels, inChannels, 1] : [outChannels, inChannels, kernelSize, kernelSize],
    { layout: as1d ? 'conv1d' : 'conv', init },
  ) as tf.Variable<tf.Rank.R4>;
  const offset = bias
    ? scope.parameter('bias', [outChannels], {
        init: zero ? zeros : torchUniform(inChannels * kernelSize ** 2),
      })
    : undefined;
  // 'same' pads as PyTorch does only at stride 1
  const pad =
    padding === 0
      ? ('valid' as const)
      : padding === 'same' || (stride === 1 && 2 * padding === kernelSize - 1)
        ? ('same' as const)
        : ([
            [0, 0],
            [padding, padding],
            [padding, padding],
            [0, 0],
          ] as tf.backend_util.ExplicitPadding);
  return (x) => {
    const y = tf.conv2d(x, weight, stride, pad);
    return offset ? tf.add(y, offset) : y;
  };
}
