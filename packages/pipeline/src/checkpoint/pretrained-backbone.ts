import {
  asUserError,
  type BackboneOptions,
  emptyBackbone,
  interruptible,
  orDispose,
  type TaskOptions,
} from '@ddad/detector';
import type { Backbone, BackboneName } from '@ddad/features';
import { pretrainedPath, readStateDict } from '@ddad/weights';
import type { Config } from '../config/schema.js';

/**
 * The configuration's extractor with the weights it is adapted from.
 *
 * @throws {UserError} the weights cannot be had, or are another network's
 */
export async function pretrainedBackbone(
  config: Config,
  { onProgress, signal, ...options }: TaskOptions & BackboneOptions = {},
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
  await orDispose(backbone, () =>
    interruptible(() => asUserError(fill, { code: 'weights' }), { signal, doing: 'reading the weights' }),
  );
  return backbone;
}

function weightsPath(
  name: BackboneName | 'custom',
  weights: string,
  { onProgress, signal }: TaskOptions,
): string | Promise<string> {
  if (weights !== 'imagenet') return weights;
  if (name === 'efficientnet_lite0') {
    throw new Error(`features.weights: torchvision has no imagenet weights of ${name}; give a file`);
  }
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
