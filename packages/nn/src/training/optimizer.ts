import type * as tf from '@tensorflow/tfjs';

/**
 * An update rule. It holds no state: the state is variables made by `init`, and what changes from step to
 * step comes in as the small tensor `coefficients`, so that `update` can run inside `compile`.
 */
export interface Optimizer {
  /** Base learning rate. */
  readonly learningRate: number;
  /** Fresh state for the parameters, by name: one variable per moment, `<moment>.<parameter>`. */
  init(parameters: ReadonlyMap<string, tf.Variable>): Map<string, tf.Variable>;
  /** The per-step numbers, computed in float64. `step` counts from 1. */
  coefficients(options: { step: number; learningRate: number }): Float32Array;
  /** Assigns new values to parameters and state. `gradients` has a tensor for each parameter. */
  update(
    parameters: ReadonlyMap<string, tf.Variable>,
    gradients: ReadonlyMap<string, tf.Tensor>,
    state: ReadonlyMap<string, tf.Variable>,
    coefficients: tf.Tensor1D,
  ): void;
}
