import { type Backbone, type BackboneName, backbones, featureLayers } from '@ddad/features';
import * as tf from '@tensorflow/tfjs';
import type { Config } from '../config.js';
import { UserError } from '../errors.js';

/**
 * What decides the shapes of the extractor's weights; `layers` is null where a custom one chooses them.
 *
 * @throws {UserError} layers that the extractor does not have
 */
export function featuresArchitecture({ features: { backbone, layers } }: Pick<Config, 'features'>) {
  if (backbone !== 'custom') return { backbone, layers: layersOf(backbone, layers) };
  if (layers === null) return { backbone, layers };
  throw new UserError(
    `features.layers: a custom backbone chooses its layers itself: needs null, got ${layers.join(', ')}`,
    { code: 'config' },
  );
}

function layersOf(backbone: BackboneName, layers: readonly string[] | null): readonly string[] {
  try {
    return featureLayers(backbone, layers ?? undefined);
  } catch (cause) {
    throw new UserError(`features.layers: ${(cause as Error).message}`, { code: 'config', cause });
  }
}

/**
 * Which of an extractor's layers count in the distances and in the memory, as indices: all that the configuration names,
 * else the last two (of a ResNet's three layer2 and layer3, as in the reference). The adaptation is to all.
 */
export function scoredLayers({ features }: Pick<Config, 'features'>, count: number): number[] {
  const all = Array.from({ length: count }, (_, i) => i);
  return features.layers === null ? all.slice(-2) : all;
}

export interface BackboneOptions {
  /**
   * The extractor for `features.backbone: custom`: a new one at every call, with the weights to adapt from. It takes
   * images of `data.imageSize`, is disposed after use, and must be given again wherever its detector is used.
   */
  backbone?: () => Backbone | Promise<Backbone>;
}

/**
 * The configuration's extractor with random weights, a custom one as it is given. Gray images are given to it as three
 * equal channels.
 *
 * @throws {UserError} a custom one is asked for and none given, or the other way round; layers it does not have
 */
export async function emptyBackbone(
  config: Config,
  { backbone: make }: BackboneOptions = {},
): Promise<Backbone> {
  const { data, seed } = config;
  const { backbone: name, layers } = featuresArchitecture(config);
  if ((name === 'custom') !== (make !== undefined)) {
    throw new UserError(
      `features.backbone: custom and the option backbone need each other, got ${name} ` +
        `${make ? 'and' : 'without'} the option`,
      { code: 'option' },
    );
  }
  const backbone = make
    ? await make()
    : backbones[name as BackboneName]({
        imageSize: data.imageSize,
        seed,
        layers: layers as never,
      });
  return data.channels === 1 ? forGray(backbone) : backbone;
}

function forGray(inner: Backbone): Backbone {
  return {
    layers: inner.layers,
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
