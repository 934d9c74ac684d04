import { batchNorm2d, conv2d, kaimingNormalFanOut, Parameters, relu } from '@ddad/nn';
import { checkOptions } from '@ddad/options';
import type { StateDict } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { basicBlock } from './basic-block.js';
import { bottleneck } from './bottleneck.js';
import { type Extractor, extractor } from './extractor.js';
import type { Layer } from './residual-block.js';
import { selectLayers } from './select-layers.js';

/** The layers of a ResNet, finest first: strides 4, 8, 16, 32. */
export const resnetLayers = ['layer1', 'layer2', 'layer3', 'layer4'] as const;

export type ResNetLayer = (typeof resnetLayers)[number];

export const defaultResNetLayers: readonly ResNetLayer[] = ['layer1', 'layer2', 'layer3'];

export interface ResNetOptions {
  /**
   * Layers whose outputs are the features, finest first. The network is built up to the last of them.
   *
   * @default ['layer1', 'layer2', 'layer3']
   */
  layers?: readonly ResNetLayer[];
  /** Side of the images, checked in `features`; any side if absent. */
  imageSize?: number;
  /** Of the initial weights (torchvision's initialisation). @default 0 */
  seed?: number;
}

export interface Architecture {
  name: string;
  block: 'basic' | 'bottleneck';
  /** Blocks in layer1, layer2, layer3, layer4. */
  depths: readonly [number, number, number, number];
  /** Bottleneck width at 64 planes; torchvision's width_per_group. */
  widthPerGroup?: number;
  /** Channels of the stem and of layer1, doubled from layer to layer; torchvision's 64. @default 64 */
  planes?: number;
}

// ImageNet statistics of images in [0, 1] (torchvision).
const imagenetMean = [0.485, 0.456, 0.406];
const imagenetStd = [0.229, 0.224, 0.225];

/** He et al. 2016 and Zagoruyko & Komodakis 2016, torchvision's names, strides and padding. */
export function resnet(architecture: Architecture, options: ResNetOptions = {}): Extractor {
  checkOptions(architecture.name, options, { layers: true, imageSize: true, seed: true });
  return build(architecture, options, new Parameters({ seed: options.seed }));
}

function build(
  architecture: Architecture,
  options: ResNetOptions,
  parameters: Parameters,
  carried: StateDict = new Map(),
): Extractor {
  const { name, block, depths, widthPerGroup = 64, planes: stemPlanes = 64 } = architecture;
  const { imageSize } = options;
  const taken = selectLayers(name, options.layers, { known: resnetLayers, defaults: defaultResNetLayers });
  const built = resnetLayers.indexOf(taken[taken.length - 1] as ResNetLayer) + 1;
  const root = parameters.scope();
  const conv1 = conv2d(root.child('conv1'), {
    inChannels: 3,
    outChannels: stemPlanes,
    kernelSize: 7,
    stride: 2,
    padding: 3,
    bias: false,
    init: kaimingNormalFanOut,
  });
  const bn1 = batchNorm2d(root.child('bn1'), { channels: stemPlanes });

  const expansion = block === 'basic' ? 1 : 4;
  const makeBlock = block === 'basic' ? basicBlock : bottleneck;
  let inChannels = stemPlanes;
  const layers: Layer[][] = depths.slice(0, built).map((depth, i) => {
    const planes = stemPlanes * 2 ** i;
    const width = block === 'basic' ? planes : Math.floor((planes * widthPerGroup) / 64);
    const outChannels = planes * expansion;
    return Array.from({ length: depth }, (_, j) => {
      const stride = i > 0 && j === 0 ? 2 : 1;
      const options = { inChannels, width, outChannels, stride };
      inChannels = outChannels;
      return makeBlock(root.child(`layer${i + 1}`).child(j), options);
    });
  });

  return extractor({
    name,
    layers: taken,
    imageSize,
    mean: imagenetMean,
    std: imagenetStd,
    parameters,
    carried,
    beyond: [...resnetLayers.slice(built), 'fc'].map((part) => `${part}.`),
    again: (own, carried) => build(architecture, options, own, carried),
    forward(x, training) {
      let y = relu(bn1(conv1(x), training));
      // after relu all values are >= 0, so zero padding equals PyTorch's padding with -infinity
      y = tf.maxPool(
        tf.pad(y, [
          [0, 0],
          [1, 1],
          [1, 1],
          [0, 0],
        ]) as tf.Tensor4D,
        3,
        2,
        'valid',
      );
      const outputs = layers.map((blocks) => {
        y = blocks.reduce((value, block) => block(value, training), y);
        return y;
      });
      return outputs.filter((_, i) => taken.includes(resnetLayers[i]));
    },
  });
}
