import type * as tf from '@tensorflow/tfjs';

export type CompiledResult = tf.Tensor | tf.Tensor[] | { [name: string]: tf.Tensor } | undefined;

export interface CompileOptions<R extends CompiledResult = CompiledResult> {
  /**
   * Variables whose values become constants of the graph, so that ONNX Runtime can lay them out for its fastest
   * kernels. Assigning one later recompiles at the next call. In Node large ones then lie in a file in the folder for
   * temporary files, until something else than a compiled function computes with them: memory holds them once.
   */
  freeze?: readonly tf.Variable[];
  /**
   * Sees the results of each call before the variables that `fn` assigned are written back. Where it gives false they
   * keep the values they had: a training step whose loss is NaN can so be undone.
   */
  accept?: (results: R) => boolean | Promise<boolean>;
}

export interface CompiledFunction<A extends tf.Tensor[], R extends CompiledResult> {
  /** Runs the function. The caller disposes the results; the arguments stay the caller's. */
  (...args: A): Promise<R>;
  /** Releases the native sessions. */
  dispose(): void;
}
