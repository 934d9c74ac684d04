import {
  type Backbone,
  resnet18,
  resnet34,
  resnet50,
  resnet101,
  wideResnet50_2,
  wideResnet101_2,
} from '@ddad/features';
import { pretrainedPath, readStateDict } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import type { Config } from '../config/schema.js';
import type { RunOptions } from '../progress.js';
import { asUserError, UserError } from '../user-error.js';
import { orDispose } from './or-dispose.js';

type BackboneName = Config['features']['backbone'];

const factories = {
  resnet18,
  resnet34,
  resnet50,
  resnet101,
  wide_resnet50_2: wideResnet50_2,
  wide_resnet101_2: wideResnet101_2,
};

/** What decides the shapes of the extractor's weights. */
export function featuresArchitecture({ features }: Config) {
  return { backbone: features.backbone };
}

export interface BackboneOptions {
  /**
   * The extractor for `features.backbone: custom`: a new one at every call, with the weights to adapt from. It takes
   * images of `data.imageSize`, is disposed after use, and must be given again wherever its detector is used.
   */
  backbone?: () => Backbone | Promise<Backbone>;
}

/**
 * The configuration's extractor with the weights it is adapted from.
 *
 * @throws {UserError} the weights cannot be had, or are another network's
 */
export async function buildBackbone(
  config: Config,
  { onProgress, signal, ...options }: RunOptions & BackboneOptions = {},
): Promise<Backbone> {
  const { backbone: name, weights } = config.features;
  const backbone = await emptyBackbone(config, options);
  if (weights === 'random') return backbone;
  const fill = async () => {
    const path = await weightsPath(name, weights, { onProgress, signal });
    const stateDict = await readStateDict(path);
    try {
      await backbone.loadStateDict(stateDict, { strict: true });
    } catch (error) {
      throw new Error(`${path} has no weights of ${name} (features.backbone): ${(error as Error).message}`, {
        cause: error,
      });
    }
  };
  await orDispose(backbone, () => asUserError(fill));
  return backbone;
}

function weightsPath(
  name: BackboneName,
  weights: string,
  { onProgress, signal }: RunOptions,
): string | Promise<string> {
  if (weights !== 'imagenet') return weights;
  if (name === 'custom') {
    throw new Error(
      'features.weights: there are no imagenet weights of a custom backbone; give random, which leaves it as the ' +
        'option backbone makes it, or a file',
    );
  }
  return pretrainedPath(name, {
    signal,
    onProgress: ({ receivedBytes: done, totalBytes: total = done }) =>
      onProgress?.({ phase: 'download', done, total }),
  });
}

/**
 * The configuration's extractor with random weights, a custom one as it is given. Gray images are given to it as three
 * equal channels.
 *
 * @throws {UserError} a custom one is asked for and none given, or the other way round
 */
export async function emptyBackbone(
  { features, data, seed }: Config,
  { backbone: make }: BackboneOptions = {},
): Promise<Backbone> {
  const name = features.backbone;
  if ((name === 'custom') !== (make !== undefined)) {
    throw new UserError(
      `features.backbone: custom and the option backbone need each other, got ${name} ` +
        `${make ? 'and' : 'without'} the option`,
    );
  }
  const backbone = name === 'custom' ? await make!() : factories[name]({ imageSize: data.imageSize, seed });
  return data.channels === 1 ? forGray(backbone) : backbone;
}

function forGray(inner: Backbone): Backbone {
  return {
    features: (x) => inner.features(tf.tile(x, [1, 1, 1, 3])),
    get parameters() {
      return inner.parameters;
    },
    get variables() {
      return inner.variables;
    },
    loadStateDict: (stateDict, options) => inner.loadStateDict(stateDict, options),
    stateDict: () => inner.stateDict(),
    train: (mode) => inner.train(mode),
    clone: inner.clone && (() => forGray(inner.clone!())),
    dispose: () => inner.dispose?.(),
  };
}
