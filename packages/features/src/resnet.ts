import { batchNorm2d, conv2d, kaimingNormalFanOut, type LoadResult, Parameters, relu } from '@ddad/nn';
import { type StateDict, stripWrapperPrefixes } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import type { Backbone } from './backbone.js';
import { basicBlock, bottleneck, type Layer } from './residual-block.js';
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
}

/** A torchvision ResNet up to the last layer taken, with what a full checkpoint has beyond it. */
export interface ResNet extends Backbone {
  readonly name: string;
  readonly layers: readonly string[];
  readonly variables: tf.Variable[];
  /** The trainable variables by torchvision's name. */
  readonly namedParameters: Map<string, tf.Variable>;
  loadStateDict(stateDict: StateDict, options?: { strict?: boolean }): LoadResult;
  /** What the last file loaded has beyond it (`layer4`, `fc`): carried along into `stateDict`, in no way used. */
  readonly carried: StateDict;
  clone(): ResNet;
  dispose(): void;
}

// ImageNet statistics of images in [0, 1] (torchvision).
const imagenetMean = [0.485, 0.456, 0.406];
const imagenetStd = [0.229, 0.224, 0.225];

/** He et al. 2016 and Zagoruyko & Komodakis 2016, torchvision's names, strides and padding. */
export function resnet(architecture: Architecture, options: ResNetOptions = {}): ResNet {
  return build(architecture, options, new Parameters({ seed: options.seed }));
}

function build(
  architecture: Architecture,
  options: ResNetOptions,
  parameters: Parameters,
  carried: StateDict = new Map(),
): ResNet {
  const { name, block, depths, widthPerGroup = 64 } = architecture;
  const { imageSize } = options;
  const taken = selectLayers(name, options.layers, { known: resnetLayers, defaults: defaultResNetLayers });
  const built = resnetLayers.indexOf(taken[taken.length - 1] as ResNetLayer) + 1;
  const root = parameters.scope();
  const conv1 = conv2d(root.child('conv1'), {
    inChannels: 3,
    outChannels: 64,
    kernelSize: 7,
    stride: 2,
    padding: 3,
    bias: false,
    init: kaimingNormalFanOut,
  });
  const bn1 = batchNorm2d(root.child('bn1'), { channels: 64 });

  const expansion = block === 'basic' ? 1 : 4;
  const makeBlock = block === 'basic' ? basicBlock : bottleneck;
  let inChannels = 64;
  const layers: Layer[][] = depths.slice(0, built).map((depth, i) => {
    const planes = 64 * 2 ** i;
    const width = block === 'basic' ? planes : Math.floor((planes * widthPerGroup) / 64);
    const outChannels = planes * expansion;
    return Array.from({ length: depth }, (_, j) => {
      const stride = i > 0 && j === 0 ? 2 : 1;
      const options = { inChannels, width, outChannels, stride };
      inChannels = outChannels;
      return makeBlock(root.child(`layer${i + 1}`).child(j), options);
    });
  });

  const beyond = [...resnetLayers.slice(built), 'fc'].map((part) => `${part}.`);

  // ((x + 1) / 2 - mean) / std as one multiplication and one addition
  const scale = constant(imagenetStd.map((std) => 0.5 / std));
  const shift = constant(imagenetStd.map((std, c) => (0.5 - imagenetMean[c]) / std));

  let training = false;

  return {
    name,
    layers: taken,
    get parameters() {
      return [...parameters.trainable.values()];
    },
    get namedParameters() {
      return parameters.trainable;
    },
    get variables() {
      return [...[...parameters.entries.values()].map(({ variable }) => variable), scale, shift];
    },
    get carried() {
      return new Map(carried);
    },
    train(mode) {
      training = mode;
    },
    features(x) {
      const [, h, w, c] = x.shape;
      if (x.rank !== 4 || c !== 3 || (imageSize !== undefined && (h !== imageSize || w !== imageSize))) {
        const side = imageSize ?? 'size';
        throw new Error(`${name}: needs x of shape [n, ${side}, ${side}, 3] (NHWC), got [${x.shape}]`);
      }
      return tf.tidy(() => {
        let y = relu(bn1(conv1(tf.add(tf.mul(x, scale), shift)), training));
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
      });
    },
    loadStateDict(stateDict, { strict = true } = {}) {
      const own: StateDict = new Map();
      const rest: StateDict = new Map();
      for (const [key, tensor] of stripWrapperPrefixes(stateDict)) {
        (beyond.some((part) => key.startsWith(part)) ? rest : own).set(key, tensor);
      }
      const result = parameters.loadStateDict(own, { strict, who: `${name}.loadStateDict` });
      carried = rest;
      return result;
    },
    async stateDict() {
      return new Map([...(await parameters.stateDict()), ...carried]);
    },
    clone() {
      const own = new Parameters({ seed: options.seed });
      const copy = build(architecture, options, own, new Map(carried));
      own.copyFrom(parameters);
      return copy;
    },
    dispose() {
      parameters.dispose();
      scale.dispose();
      shift.dispose();
    },
  };
}

function constant(values: number[]): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor1d(values), false));
}
