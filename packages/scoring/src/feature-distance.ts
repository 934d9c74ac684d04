import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { checkSameShape } from './shapes.js';

export interface FeatureDistanceOptions {
  /** Height and width of the result, in pixels: those of the images the features come from. */
  size: [number, number];
  /**
   * Which of the feature layers count, as indices into both lists.
   *
   * @default [1, 2], the second and third
   */
  layers?: number[];
}

/** What PyTorch's cosine similarity bounds norms by. */
const smallestNorm = 1e-8;

/**
 * D_f: per position, one minus the cosine between 3x3 average-pooled features, resized bilinearly (corners
 * aligned) and summed over the layers (paper, section 3.3; the reference leaves out the first layer).
 *
 * @param featuresA Features of the reconstruction, one `[n, h, w, c]` per layer, of any resolution.
 * @param featuresB Features of the target, same shapes.
 * @returns `[n, size[0], size[1], 1]` in [0, 2 * layers.length].
 */
export function featureDistance(
  featuresA: tf.Tensor4D[],
  featuresB: tf.Tensor4D[],
  options: FeatureDistanceOptions,
): tf.Tensor4D {
  checkOptions('featureDistance', options, { size: true, layers: true });
  const { size, layers = [1, 2] } = options;
  if (layers.length === 0) throw new Error('featureDistance: needs at least one layer, got layers = []');
  for (const layer of layers) {
    for (const { length } of [featuresA, featuresB]) {
      if (Number.isInteger(layer) && layer >= 0 && layer < length) continue;
      throw new Error(`featureDistance: needs layer ${layer}, got features of ${length} layers`);
    }
    const names: [string, string] = [`featuresA[${layer}]`, `featuresB[${layer}]`];
    checkSameShape('featureDistance', names, featuresA[layer], featuresB[layer]);
  }
  return tf.tidy(() => {
    const distances = layers.map((layer) => {
      const distance = tf.sub(1, cosine(pool(featuresA[layer]), pool(featuresB[layer])));
      return tf.image.resizeBilinear(distance as tf.Tensor4D, size, true);
    });
    return distances.reduce((sum, distance) => sum.add(distance));
  });
}

/**
 * The reference counts the zeros of the padding in the average and tfjs does not. That scales all channels of a
 * position at the border alike, which a cosine does not see.
 */
function pool(features: tf.Tensor4D): tf.Tensor4D {
  return tf.avgPool(features, 3, 1, 'same');
}

function cosine(a: tf.Tensor4D, b: tf.Tensor4D): tf.Tensor {
  return a
    .mul(b)
    .sum(3, true)
    .div(norm(a).mul(norm(b)));
}

function norm(features: tf.Tensor4D): tf.Tensor {
  return features.square().sum(3, true).sqrt().maximum(smallestNorm);
}
