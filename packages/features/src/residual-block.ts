import { batchNorm2d, conv2d, kaimingNormalFanOut, type Scope } from '@ddad/nn';
import type * as tf from '@tensorflow/tfjs';

export interface ResidualBlockOptions {
  inChannels: number;
  /** Channels of the 3x3 convolution(s). */
  width: number;
  outChannels: number;
  stride: number;
}

export type Layer = (x: tf.Tensor4D, training: boolean) => tf.Tensor4D;

export function convNorm(
  scope: Scope,
  index: number,
  options: { inChannels: number; outChannels: number; kernelSize: number; stride: number },
): Layer {
  const padding = (options.kernelSize - 1) / 2;
  const conv = conv2d(scope.child(`conv${index}`), {
    ...options,
    padding,
    bias: false,
    init: kaimingNormalFanOut,
  });
  const norm = batchNorm2d(scope.child(`bn${index}`), { channels: options.outChannels });
  return (x, training) => norm(conv(x), training);
}

export function downsample(
  scope: Scope,
  { inChannels, outChannels, stride }: { inChannels: number; outChannels: number; stride: number },
): Layer {
  if (stride === 1 && inChannels === outChannels) return (x) => x;
  const at = scope.child('downsample');
  const conv = conv2d(at.child(0), {
    inChannels,
    outChannels,
    kernelSize: 1,
    stride,
    bias: false,
    init: kaimingNormalFanOut,
  });
  const norm = batchNorm2d(at.child(1), { channels: outChannels });
  return (x, training) => norm(conv(x), training);
}
