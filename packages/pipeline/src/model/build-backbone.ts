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
import { asUserError } from '../user-error.js';

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

/**
 * The configuration's extractor with the weights it is adapted from.
 *
 * @throws {UserError} the weights cannot be had, or are another network's
 */
export async function buildBackbone(
  config: Config,
  { onProgress, signal }: RunOptions = {},
): Promise<Backbone> {
  const { backbone: name, weights } = config.features;
  const backbone = emptyBackbone(config);
  if (weights === 'random') return backbone;
  const path =
    weights === 'imagenet'
      ? await asUserError(() =>
          pretrainedPath(name, {
            signal,
            onProgress: ({ receivedBytes: done, totalBytes: total = done }) =>
              onProgress?.({ phase: 'download', done, total }),
          }),
        )
      : weights;
  await asUserError(async () => {
    const stateDict = await readStateDict(path);
    try {
      await backbone.loadStateDict(stateDict, { strict: true });
    } catch (error) {
      throw new Error(`${path} has no weights of ${name} (features.backbone): ${(error as Error).message}`, {
        cause: error,
      });
    }
  });
  return backbone;
}

/** The configuration's extractor with random weights. Gray images are given to it as three equal channels. */
export function emptyBackbone({ features, data, seed }: Config): Backbone {
  const backbone = factories[features.backbone]({ imageSize: data.imageSize, seed });
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
