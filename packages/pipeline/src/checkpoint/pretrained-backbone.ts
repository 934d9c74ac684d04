import { basename } from 'node:path';
import {
  asUserError,
  type BackboneOptions,
  emptyBackbone,
  featuresArchitecture,
  interruptible,
  orDispose,
  type Pretrained,
  type TaskOptions,
} from '@ddad/detector';
import { type Backbone, type BackboneName, embeddedFile } from '@ddad/features';
import {
  type PretrainedName,
  pretrainedNames,
  pretrainedPath,
  readSafetensors,
  readWeightsFile,
} from '@ddad/weights';
import type { Config } from '../config/schema.js';
import { sha256 as hashOf } from '../io/sha256.js';

/** An extractor as it is adapted from, and where its weights came from. */
export interface PretrainedBackbone {
  backbone: Backbone;
  pretrained: Pretrained;
}

/**
 * The configuration's extractor with the weights it is adapted from.
 *
 * @param config its `features.weights` is not `auto`, which `resolveFeatures` takes the place of
 * @throws {UserError} the weights cannot be had, or are another network's
 */
export async function pretrainedBackbone(
  config: Config,
  { onProgress, signal, ...options }: TaskOptions & BackboneOptions = {},
): Promise<PretrainedBackbone> {
  const { backbone: name, weights } = config.features;
  const backbone = await emptyBackbone(config, options);
  const layers = featuresArchitecture(config).layers ?? backbone.layers;
  const pretrained = { backbone: name, layers: layers ? [...layers] : null };
  if (weights === 'random') {
    const origin = name === 'custom' ? 'option' : 'random';
    return { backbone, pretrained: { ...pretrained, origin, file: null, sha256: null } };
  }
  if (weights === 'embedded') {
    const bytes = await embeddedFile();
    await orDispose(backbone, () => backbone.loadStateDict(readSafetensors(bytes)));
    return { backbone, pretrained: { ...pretrained, origin: 'embedded', file: null, sha256: hashOf(bytes) } };
  }
  const fill = async (): Promise<PretrainedBackbone> => {
    const path = await weightsPath(name, weights, { onProgress, signal });
    const { stateDict, file, sha256 } = await readWeightsFile(path);
    try {
      await backbone.loadStateDict(stateDict, { strict: true });
    } catch (error) {
      throw new Error(`${path} has no weights of ${name} (features.backbone): ${(error as Error).message}`, {
        cause: error,
      });
    }
    const origin = weights === 'imagenet' ? 'imagenet' : 'file';
    return { backbone, pretrained: { ...pretrained, origin, file: basename(file), sha256 } };
  };
  return orDispose(backbone, () =>
    interruptible(() => asUserError(fill, { code: 'weights' }), { signal, doing: 'reading the weights' }),
  );
}

function weightsPath(
  name: BackboneName | 'custom',
  weights: string,
  { onProgress, signal }: TaskOptions,
): string | Promise<string> {
  if (weights !== 'imagenet') return weights;
  if (!isPretrained(name)) {
    const instead =
      name === 'custom' ? 'random, which leaves it as the option backbone makes it,' : 'embedded, its own,';
    throw new Error(`features.weights: there are no imagenet weights of ${name}; give ${instead} or a file`);
  }
  return pretrainedPath(name, {
    signal,
    onProgress: ({ receivedBytes: done, totalBytes: total = done }) =>
      onProgress?.({ phase: 'download', done, total }),
  });
}

function isPretrained(name: string): name is PretrainedName {
  return (pretrainedNames as string[]).includes(name);
}
