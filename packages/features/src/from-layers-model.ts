import { checkOptions } from '@ddad/options';
import { describeDiff, diffStateDict, type StateDict } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import type { Backbone } from './backbone.js';

export interface LayersModelOptions {
  /**
   * Brings images in [-1, 1] to what the model was trained on, in differentiable tfjs ops, e.g.
   * `(x) => tf.mul(tf.add(x, 1), 127.5)`.
   *
   * @default unchanged
   */
  preprocess?: (x: tf.Tensor4D) => tf.Tensor4D;
}

/** A {@link Backbone} around a tfjs-layers model. */
export interface LayersModelBackbone extends Backbone {
  readonly layers: readonly string[];
  clone(): LayersModelBackbone;
  readonly variables: tf.Variable[];
  /** Releases a copy made by `clone`; the model given to `fromLayersModel` stays the caller's. */
  dispose(): void;
}

/**
 * A tfjs-layers model as a feature extractor: the outputs of its layers `layerNames`, finest first. Its state dict has
 * the model's own weight names and layouts. In training mode the layers run as in `model.fit`; dropout, which draws
 * random numbers, cannot be compiled and is an error there.
 *
 * @param model one input [n, h, w, 3]; it is not copied and stays the caller's to dispose
 * @param layerNames layers with outputs [n, h_i, w_i, c_i]
 * @throws a name that is no layer of the model, an output or input of another rank
 */
export function fromLayersModel(
  model: tf.LayersModel,
  layerNames: readonly string[],
  options: LayersModelOptions = {},
): LayersModelBackbone {
  checkOptions('fromLayersModel', options, { preprocess: true });
  const { preprocess = (x) => x } = options;
  const known = model.layers.map(({ name }) => name);
  const unknown = layerNames.filter((name) => !known.includes(name));
  if (layerNames.length === 0 || unknown.length) {
    throw new Error(
      `fromLayersModel: needs names of the model's layers (${known.join(', ')}), got ${unknown.join(', ') || 'none'}`,
    );
  }
  if (model.inputs.length !== 1 || model.inputs[0].shape.length !== 4) {
    const shapes = model.inputs.map(({ shape }) => `[${shape}]`).join(', ');
    throw new Error(`fromLayersModel: needs a model with one input [n, h, w, 3], got ${shapes}`);
  }
  const outputs = layerNames.map((name) => model.getLayer(name).output as tf.SymbolicTensor);
  outputs.forEach(({ shape }, i) => {
    if (shape?.length !== 4) {
      throw new Error(
        `fromLayersModel: needs layers with outputs [n, h, w, c], but that of ${layerNames[i]} is [${shape}]`,
      );
    }
  });
  return wrap(tf.model({ inputs: model.inputs, outputs }), {
    layers: [...layerNames],
    preprocess,
    owned: false,
  });
}

function wrap(
  model: tf.LayersModel,
  options: Required<LayersModelOptions> & { layers: readonly string[]; owned: boolean },
): LayersModelBackbone {
  const { layers, preprocess, owned } = options;
  let training = false;
  const named = new Map(model.weights.map((weight) => [weight.originalName, weight.read() as tf.Variable]));
  if (named.size !== model.weights.length) {
    throw new Error(
      'fromLayersModel: needs a model whose weights have distinct names; give its layers names',
    );
  }
  return {
    layers,
    features(x) {
      return tf.tidy(() => {
        const features = model.apply(preprocess(x), { training });
        return (Array.isArray(features) ? features : [features]) as tf.Tensor4D[];
      });
    },
    get parameters() {
      return model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    },
    get variables() {
      return [...named.values()];
    },
    train(mode) {
      training = mode;
    },
    loadStateDict(stateDict, { strict = true } = {}) {
      const diff = diffStateDict(stateDict, new Map([...named].map(([name, { shape }]) => [name, shape])));
      const wrong = strict ? diff : { ...diff, missing: [], unexpected: [] };
      const problem = describeDiff(wrong);
      if (problem) throw new Error(`fromLayersModel: the state dict does not fit: ${problem}`);
      for (const [name, variable] of named) {
        const given = stateDict.get(name);
        if (!given) continue;
        const value = tf.tensor(Float32Array.from(given.data as Float32Array), variable.shape, 'float32');
        variable.assign(value);
        value.dispose();
      }
      return diff;
    },
    async stateDict() {
      const stateDict: StateDict = new Map();
      for (const [name, variable] of named) {
        const data = Float32Array.from(await variable.data());
        stateDict.set(name, { dtype: 'F32', shape: [...variable.shape], data });
      }
      return stateDict;
    },
    clone() {
      const copy = tf.LayersModel.fromConfig(tf.LayersModel, model.getConfig()) as tf.LayersModel;
      copy.setWeights(model.getWeights());
      return wrap(copy, { ...options, owned: true });
    },
    dispose() {
      if (owned) model.dispose();
    },
  };
}
