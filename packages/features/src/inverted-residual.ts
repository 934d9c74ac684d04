import { batchNorm2d, conv2d, depthwiseConv2d, kaimingNormalFanOut, relu6, type Scope } from '@ddad/nn';
import * as tf from '@tensorflow/tfjs';
import type { Layer } from './residual-block.js';

export interface InvertedResidualOptions {
  inChannels: number;
  outChannels: number;
  /** Channels of the depthwise convolution over those of the input. */
  expansion: number;
  kernelSize: number;
  stride: number;
}

/** Of EfficientNet's batch normalisation. */
export const efficientNetNorm = { epsilon: 1e-3, momentum: 0.01 };

/**
 * 1x1 expansion, depthwise convolution, 1x1 projection without activation (Sandler et al. 2018); ReLU6, no squeeze and
 * excitation; names of efficientnet-lite-pytorch's MBConvBlock.
 */
export function invertedResidual(
  scope: Scope,
  { inChannels, outChannels, expansion, kernelSize, stride }: InvertedResidualOptions,
): Layer {
  const channels = inChannels * expansion;
  const expand =
    expansion === 1 ? undefined : pointwise(scope, ['_expand_conv', '_bn0'], [inChannels, channels]);
  const depthwise = depthwiseConv2d(scope.child('_depthwise_conv'), { channels, kernelSize, stride });
  const norm = batchNorm2d(scope.child('_bn1'), { channels, ...efficientNetNorm });
  const project = pointwise(scope, ['_project_conv', '_bn2'], [channels, outChannels]);
  const isResidual = stride === 1 && inChannels === outChannels;
  return (x, training) => {
    const wide = expand ? relu6(expand(x, training)) : x;
    const y = project(relu6(norm(depthwise(wide), training)), training);
    return isResidual ? tf.add(y, x) : y;
  };
}

function pointwise(
  scope: Scope,
  [convolution, normalization]: [string, string],
  [inChannels, outChannels]: [number, number],
): Layer {
  const conv = conv2d(scope.child(convolution), {
    inChannels,
    outChannels,
    kernelSize: 1,
    bias: false,
    init: kaimingNormalFanOut,
  });
  const norm = batchNorm2d(scope.child(normalization), { channels: outChannels, ...efficientNetNorm });
  return (x, training) => norm(conv(x), training);
}
