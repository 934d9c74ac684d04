import { type LoadResult, Parameters } from '@ddad/nn';
import { type StateDict, stripWrapperPrefixes } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import type { Backbone } from './backbone.js';

/** A network of this package up to the last layer taken, with what a full checkpoint has beyond it. */
export interface Extractor extends Backbone {
  readonly name: string;
  readonly layers: readonly string[];
  readonly variables: tf.Variable[];
  /** The trainable variables by PyTorch's name. */
  readonly namedParameters: Map<string, tf.Variable>;
  loadStateDict(stateDict: StateDict, options?: { strict?: boolean }): LoadResult;
  /** What the last file loaded has beyond it (`fc`, say): carried along into `stateDict`, in no way used. */
  readonly carried: StateDict;
  clone(): Extractor;
  dispose(): void;
}

export interface ExtractorParts {
  name: string;
  /** Names of what `forward` gives. */
  layers: readonly string[];
  /** Side of the images; any if undefined. */
  imageSize: number | undefined;
  /** Of the images in [0, 1] that the weights were trained on, by channel. */
  mean: readonly number[];
  std: readonly number[];
  parameters: Parameters;
  /** The layers of normalised images. */
  forward(x: tf.Tensor4D, training: boolean): tf.Tensor4D[];
  /** What a full checkpoint's names beyond the network begin with. */
  beyond: readonly string[];
  carried: StateDict;
  /** The same network anew, with other parameters. */
  again(parameters: Parameters, carried: StateDict): Extractor;
}

/** The members of an {@link Extractor} around a network's layers. */
export function extractor({
  name,
  layers,
  imageSize,
  mean,
  std,
  parameters,
  forward,
  beyond,
  again,
  ...parts
}: ExtractorParts): Extractor {
  // ((x + 1) / 2 - mean) / std as one multiplication and one addition
  const scale = constant(std.map((each) => 0.5 / each));
  const shift = constant(std.map((each, c) => (0.5 - mean[c]) / each));
  let { carried } = parts;
  let training = false;

  return {
    name,
    layers,
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
      parameters.assertUsable(`${name}.features`);
      const [, h, w, c] = x.shape;
      if (x.rank !== 4 || c !== 3 || (imageSize !== undefined && (h !== imageSize || w !== imageSize))) {
        const side = imageSize ?? 'size';
        throw new Error(`${name}: needs x of shape [n, ${side}, ${side}, 3] (NHWC), got [${x.shape}]`);
      }
      return tf.tidy(() => forward(tf.add(tf.mul(x, scale), shift), training));
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
      return new Map([...(await parameters.stateDict({ who: `${name}.stateDict` })), ...carried]);
    },
    clone() {
      parameters.assertUsable(`${name}.clone`);
      return again(new Parameters({ valuesOf: parameters }), new Map(carried));
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
