import * as tf from '@tensorflow/tfjs';
import { compile } from 'tfjs-backend-ort';

export interface StepResult {
  loss: number;
  /** False where the loss or a gradient was NaN or infinite: the step then changed nothing. */
  taken: boolean;
}

export interface CompiledStep<A extends tf.Tensor[]> {
  (...args: A): Promise<StepResult>;
  /** Releases the native sessions. */
  dispose(): void;
}

/**
 * Compiles a training step, which assigns variables and returns its loss and the gradients it used. Where any of
 * these is not finite, every variable keeps the value it had.
 */
export function compileStep<A extends tf.Tensor[]>(
  step: (...args: A) => { loss: tf.Tensor; gradients: ReadonlyMap<string, tf.Tensor> },
): CompiledStep<A> {
  const finite = async (health: tf.Tensor) => (await health.data()).every(Number.isFinite);
  const compiled = compile(
    (...args: A): tf.Tensor => {
      const { loss, gradients } = step(...args);
      // A sum is not finite where a term is not.
      const total = tf.addN([...gradients.values()].map((gradient) => tf.sum(gradient)));
      return tf.stack([tf.reshape(loss, []), total]);
    },
    { accept: finite },
  );
  const run = async (...args: A): Promise<StepResult> => {
    const health = await compiled(...args);
    const [loss, total] = await health.data();
    health.dispose();
    return { loss, taken: Number.isFinite(loss) && Number.isFinite(total) };
  };
  return Object.assign(run, { dispose: () => compiled.dispose() });
}
