import * as tf from '@tensorflow/tfjs';
import type { FeatureMemory } from './feature-memory.js';
import { asTargets } from './product-rows.js';

/** A memory on tfjs's backend, to be searched. */
export interface LoadedMemory {
  /** `[count, dimension + 1]`, as {@link asTargets} makes it. */
  readonly targets: tf.Tensor2D;
  readonly mean: tf.Tensor1D;
  readonly projection?: tf.Tensor2D;
  readonly residual: boolean;
  readonly positionWeight: number;
  readonly layers: readonly number[];
  /** Image of each row of `targets`. */
  readonly images: Int32Array;
  /** What the search reads: what `compile` of @ddad/nn may `freeze`. */
  readonly variables: tf.Variable[];
  dispose(): void;
}

/**
 * Brings a memory to the engine, for many searches; the caller disposes it.
 *
 * @throws if it has no vector
 */
export function loadMemory(memory: FeatureMemory): LoadedMemory {
  const { vectors, dimension, images, mean, projection, residual, positionWeight, layers } = memory;
  if (images.length === 0) throw new Error('loadMemory: needs a memory of at least one vector, got none');
  const variable = <R extends tf.Rank>(make: () => tf.Tensor<R>) =>
    tf.tidy(() => tf.variable(make(), false) as tf.Variable<R>);
  const loaded = {
    targets: variable(() => asTargets(tf.tensor2d(vectors, [images.length, dimension]))),
    mean: variable(() => tf.tensor1d(mean)),
    ...(projection && {
      projection: variable(() => tf.tensor2d(projection, [mean.length, projection.length / mean.length])),
    }),
  };
  const variables = Object.values(loaded) as tf.Variable[];
  return {
    ...loaded,
    residual,
    positionWeight,
    layers,
    images,
    variables,
    dispose: () => tf.dispose(variables),
  };
}
