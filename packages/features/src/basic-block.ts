import { relu, type Scope } from '@ddad/nn';
import * as tf from '@tensorflow/tfjs';
import { convNorm, downsample, type Layer, type ResidualBlockOptions } from './residual-block.js';

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
