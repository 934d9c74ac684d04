import type { LoadResult } from '@ddad/nn';
import type { StateDict } from '@ddad/weights';
import type * as tf from '@tensorflow/tfjs';

/** A feature extractor. Anything with these members will do; normalisation of the input is its own affair. */
export interface Backbone {
  /**
   * Feature maps, finest first: [n, h_i, w_i, c_i] each. Synchronous tfjs ops of `x` and variables, so that it can
   * be differentiated and compiled.
   *
   * @param x [n, h, w, 3], float32, in [-1, 1]
   */
  features(x: tf.Tensor4D): tf.Tensor4D[];
  /** Names of the layers whose outputs those are, where they have names. */
  readonly layers?: readonly string[];
  /** What adaptation trains. */
  readonly parameters: tf.Variable[];
  loadStateDict(stateDict: StateDict, options?: { strict?: boolean }): LoadResult | Promise<LoadResult>;
  stateDict(): Promise<StateDict>;
  /** Training mode (batch statistics in batch normalisation) or evaluation mode, which is the initial one. */
  train(mode: boolean): void;
  /**
   * An independent copy. Without it, adaptation remembers the values of `parameters` and puts them in place to see
   * what the pretrained extractor sees: state kept elsewhere, such as running statistics, needs `clone`.
   */
  clone?(): Backbone;
  /** Everything `features` reads in evaluation mode. @default parameters */
  readonly variables?: tf.Variable[];
  dispose?(): void;
}
