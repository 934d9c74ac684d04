import { relu, type Scope } from '@ddad/nn';
import * as tf from '@tensorflow/tfjs';
import { convNorm, downsample, type Layer, type ResidualBlockOptions } from './residual-block.js';

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
