import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import type { Backbone } from './backbone.js';
import { cosineDistance } from './cosine-distance.js';

export interface AdaptationLossOptions {
  /** [n, h, w, 3] in [-1, 1] */
  reconstruction: tf.Tensor4D;
  /** [n, h, w, 3] in [-1, 1] */
  target: tf.Tensor4D;
  /** Weight of staying close to the frozen extractor. @default 0.1 */
  lambda?: number;
}

/**
 * DDAD's adaptation loss (arXiv 2305.15956, eq. 11): `sum over layers of d(F(r), F(y)) + lambda d(F(y), F0(y)) +
 * lambda d(F(r), F0(r))`, d = 1 - cosine of the flattened layers, mean over the batch. The backbones run in the
 * modes they are in: F in training mode, F0 in evaluation mode.
 */
export function adaptationLoss(
  backbone: Pick<Backbone, 'features'>,
  frozen: Pick<Backbone, 'features'>,
  options: AdaptationLossOptions,
): tf.Scalar {
  checkOptions('adaptationLoss', options, { reconstruction: true, target: true, lambda: true });
  const { reconstruction, target, lambda = 0.1 } = options;
  return tf.tidy(() => {
    // in this order: batch normalisation's running statistics see the reconstruction first
    const adaptedR = backbone.features(reconstruction);
    const adaptedY = backbone.features(target);
    const frozenY = frozen.features(target);
    const frozenR = frozen.features(reconstruction);
    const terms = adaptedR.map((r, layer) => {
      const y = adaptedY[layer];
      const drift = tf.add(cosineDistance(y, frozenY[layer]), cosineDistance(r, frozenR[layer]));
      return tf.add(cosineDistance(r, y), tf.mul(drift, lambda));
    });
    return tf.addN(terms) as tf.Scalar;
  });
}
