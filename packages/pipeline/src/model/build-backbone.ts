import {
  type Backbone,
  resnet18,
  resnet34,
  resnet50,
  resnet101,
  wideResnet50_2,
  wideResnet101_2,
} from '@ddad/features';
import { pretrainedPath, readStateDict, stripPrefix } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import type { Config } from '../config/schema.js';
import type { RunOptions } from '../progress.js';
import { asUserError, UserError } from '../user-error.js';

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
export async function buildBackbone(config: Config, { onProgress, signal }: RunOptions = {}): Promise<Backbone> {
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
  const stateDict = stripPrefix(await asUserError(() => readStateDict(path)), 'module.');
  await asUserError(() => {
    // A torchvision file also has layer4 and fc, which the features do not need.
    const { missing } = backbone.loadStateDict(stateDict, { strict: false });
    if (missing.length) {
      throw new UserError(
        `${path} has no weights of ${name}: ${missing.length} names are missing, ` +
          `among them ${missing[0]}; set features.backbone to the network it was made with`,
      );
    }
  }, `${path}: `);
  return backbone;
}

/** The configuration's extractor with random weights. Gray images are given to it as three equal channels. */
export function emptyBackbone({ features, data, seed }: Config): Backbone {
  const backbone = factories[features.backbone]({ imageSize: data.imageSize, seed });
  return data.channels === 1 ? forGray(backbone) : backbone;
}

function forGray(backbone: Backbone): Backbone {
  return Object.create(backbone, {
    features: { value: (x: tf.Tensor4D) => backbone.features(tf.tile(x, [1, 1, 1, 3])) },
  });
}
