import { batchNorm2d, conv2d, kaimingNormalFanOut, relu, type Scope } from '@ddad/nn';
import * as tf from '@tensorflow/tfjs';

export interface ResidualBlockOptions {
  inChannels: number;
  /** Channels of the 3x3 convolution(s). */
  width: number;
  outChannels: number;
  stride: number;
}

export type Layer = (x: tf.Tensor4D, training: boolean) => tf.Tensor4D;

/** Two 3x3 convolutions (He et al. 2016), as in resnet18 and resnet34. */
export function basicBlock(
  scope: Scope,
  { inChannels, width, outChannels, stride }: ResidualBlockOptions,
): Layer {
  const conv1 = convNorm(scope, 1, { inChannels, outChannels: width, kernelSize: 3, stride });
  const conv2 = convNorm(scope, 2, { inChannels: width, outChannels, kernelSize: 3, stride: 1 });
  const shortcut = downsample(scope, { inChannels, outChannels, stride });
  return (x, training) => {
    const h = conv2(relu(conv1(x, training)), training);
    return relu(tf.add(h, shortcut(x, training)));
  };
}

/** 1x1, 3x3, 1x1 convolutions, the stride in the 3x3 one as torchvision has it. */
export function bottleneck(
  scope: Scope,
  { inChannels, width, outChannels, stride }: ResidualBlockOptions,
): Layer {
  const conv1 = convNorm(scope, 1, { inChannels, outChannels: width, kernelSize: 1, stride: 1 });
  const conv2 = convNorm(scope, 2, { inChannels: width, outChannels: width, kernelSize: 3, stride });
  const conv3 = convNorm(scope, 3, { inChannels: width, outChannels, kernelSize: 1, stride: 1 });
  const shortcut = downsample(scope, { inChannels, outChannels, stride });
  return (x, training) => {
    const h = conv3(relu(conv2(relu(conv1(x, training)), training)), training);
    return relu(tf.add(h, shortcut(x, training)));
  };
}

function convNorm(
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

function downsample(
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
