import * as tf from '@tensorflow/tfjs';
import type { FeatureMemory } from './feature-memory.js';
import { asTargets } from './nearest-rows.js';

/** A memory on tfjs's backend, to be searched. */
export interface LoadedMemory {
  /** `[count, dimension + 1]`, as {@link asTargets} makes it. */
  readonly targets: tf.Tensor2D;
  readonly mean: tf.Tensor1D;
  readonly projection?: tf.Tensor2D;
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
  const { vectors, dimension, images, mean, projection, positionWeight, layers } = memory;
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
    positionWeight,
    layers,
    images,
    variables,
    dispose: () => tf.dispose(variables),
  };
}

/**
 * `targets` of a memory in which what it has of one image is out of reach: to compare that image with the others. Where a
 * greedy choice left out what others had like it, those are missed, and the image seems farther away than it is.
 *
 * @returns for `{ ...memory, targets }`; the caller disposes it
 */
export function targetsWithout({ targets, images }: LoadedMemory, image: number): tf.Tensor2D {
  return tf.tidy(() => {
    const columns = targets.shape[1];
    // the last column is what is added to the product that a search looks for the largest of
    const penalty = new Float32Array(images.length);
    images.forEach((each, row) => {
      if (each === image) penalty[row] = OUT_OF_REACH;
    });
    const last = tf.tensor2d(penalty, [images.length, 1]);
    return tf.add(targets, tf.concat([tf.zeros([images.length, columns - 1]), last], 1)) as tf.Tensor2D;
  });
}

const OUT_OF_REACH = -1e30;
