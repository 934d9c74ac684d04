import * as tf from '@tensorflow/tfjs';
import type { Backbone } from './backbone.js';

/** Features of a backbone as it was. */
export interface FrozenCopy {
  /** Call outside of a gradient: it may set and reset the backbone's own variables. */
  features(x: tf.Tensor4D): tf.Tensor4D[];
  dispose(): void;
}

/**
 * F0: what `backbone` computes now, in evaluation mode, whatever becomes of it. Its `clone` if it has one; otherwise
 * its parameters are remembered and put in their place for the time of a call.
 */
export function frozenCopy(backbone: Backbone): FrozenCopy {
  if (backbone.clone) {
    const copy = backbone.clone();
    copy.train(false);
    return { features: (x) => copy.features(x), dispose: () => copy.dispose?.() };
  }
  const remembered = backbone.parameters.map((parameter) =>
    tf.tidy(() => tf.variable(parameter.clone(), false)),
  );
  return {
    features: (x) =>
      tf.tidy(() => {
        const own = backbone.parameters.map((parameter) => parameter.clone());
        backbone.train(false);
        try {
          backbone.parameters.forEach((parameter, i) => {
            parameter.assign(remembered[i]);
          });
          return backbone.features(x);
        } finally {
          backbone.parameters.forEach((parameter, i) => {
            parameter.assign(own[i]);
          });
          backbone.train(true);
        }
      }),
    dispose: () => tf.dispose(remembered),
  };
}
