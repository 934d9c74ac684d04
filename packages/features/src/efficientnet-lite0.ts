import { batchNorm2d, conv2d, kaimingNormalFanOut, Parameters, relu6 } from '@ddad/nn';
import { checkOptions } from '@ddad/options';
import type { StateDict } from '@ddad/weights';
import { blocks } from './efficientnet-lite0-blocks.js';
import { type Extractor, extractor } from './extractor.js';
import { efficientNetNorm, invertedResidual } from './inverted-residual.js';
import { selectLayers } from './select-layers.js';

/** The blocks of the network, finest first. */
export type EfficientNetLite0Layer = `_blocks.${number}`;

export const efficientNetLite0Layers: readonly EfficientNetLite0Layer[] = blocks.map(
  (_, i): EfficientNetLite0Layer => `_blocks.${i}`,
);

/** The last of stride 8 (40 channels) and of stride 16 (112). */
export const defaultEfficientNetLite0Layers: readonly EfficientNetLite0Layer[] = ['_blocks.4', '_blocks.10'];

export interface EfficientNetLite0Options {
  /**
   * Blocks whose outputs are the features, finest first: `_blocks.0` has stride 2, from `_blocks.1` it is 4, from
   * `_blocks.3` 8, from `_blocks.5` 16, from `_blocks.11` to `_blocks.15` 32. The network is built up to the last of them.
   *
   * @default ['_blocks.4', '_blocks.10']
   */
  layers?: readonly EfficientNetLite0Layer[];
  /** Side of the images, checked in `features`; any side if absent. */
  imageSize?: number;
  /** Of the initial weights. @default 0 */
  seed?: number;
}

/**
 * EfficientNet-Lite0 (Tan & Le 2019 without squeeze and excitation, ReLU6): names of the Python package
 * efficientnet-lite-pytorch, padding of TensorFlow. In training mode there is no stochastic depth.
 */
export function efficientNetLite0(options: EfficientNetLite0Options = {}): Extractor {
  checkOptions('efficientNetLite0', options, { layers: true, imageSize: true, seed: true });
  return build(options, new Parameters({ seed: options.seed }));
}

function build(
  options: EfficientNetLite0Options,
  parameters: Parameters,
  carried: StateDict = new Map(),
): Extractor {
  const name = 'efficientnet_lite0';
  const taken = selectLayers(name, options.layers, {
    known: efficientNetLite0Layers,
    defaults: defaultEfficientNetLite0Layers,
  });
  const built = efficientNetLite0Layers.indexOf(taken[taken.length - 1] as EfficientNetLite0Layer) + 1;
  const root = parameters.scope();
  const stem = conv2d(root.child('_conv_stem'), {
    inChannels: 3,
    outChannels: 32,
    kernelSize: 3,
    stride: 2,
    padding: 'same',
    bias: false,
    init: kaimingNormalFanOut,
  });
  const norm = batchNorm2d(root.child('_bn0'), { channels: 32, ...efficientNetNorm });
  let inChannels = 32;
  const network = blocks.slice(0, built).map((block, i) => {
    const made = invertedResidual(root.child('_blocks').child(i), { inChannels, ...block });
    inChannels = block.outChannels;
    return made;
  });
  const heads = ['_conv_head', '_bn1', '_fc'];
  return extractor({
    name,
    layers: taken,
    imageSize: options.imageSize,
    // (byte - 127) / 128
    mean: [127 / 255, 127 / 255, 127 / 255],
    std: [128 / 255, 128 / 255, 128 / 255],
    parameters,
    carried,
    beyond: [...efficientNetLite0Layers.slice(built), ...heads].map((part) => `${part}.`),
    again: (own, carried) => build(options, own, carried),
    forward(x, training) {
      let y = relu6(norm(stem(x), training));
      const outputs = network.map((block) => {
        y = block(y, training);
        return y;
      });
      return outputs.filter((_, i) => taken.includes(efficientNetLite0Layers[i]));
    },
  });
}
