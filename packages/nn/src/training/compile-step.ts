import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { compile } from 'tfjs-backend-ort';

export interface CompileStepOptions {
  /** Who trains, for the error. */
  who: string;
}

export interface CompiledStep<A extends tf.Tensor[]> {
  /**
   * Takes the step.
   *
   * @param step its number, from 1
   * @returns the loss
   * @throws if the loss or a gradient is NaN or infinite; every variable then has the value it had
   */
  (step: number, ...args: A): Promise<number>;
  /** Releases the native sessions. */
  dispose(): void;
}

/**
 * Compiles a training step, which assigns variables and returns its loss and the gradients it used. Where any of
 * these is not finite, no variable changes.
 */
export function compileStep<A extends tf.Tensor[]>(
  take: (...args: A) => { loss: tf.Tensor; gradients: ReadonlyMap<string, tf.Tensor> },
  options: CompileStepOptions,
): CompiledStep<A> {
  checkOptions('compileStep', options, { who: true });
  const { who } = options;
  const finite = async (health: tf.Tensor) => (await health.data()).every(Number.isFinite);
  const compiled = compile(
    (...args: A): tf.Tensor => {
      const { loss, gradients } = take(...args);
      // A sum is not finite where a term is not.
      const total = tf.addN([...gradients.values()].map((gradient) => tf.sum(gradient)));
      return tf.stack([tf.reshape(loss, []), total]);
    },
    { accept: finite },
  );
  const run = async (step: number, ...args: A): Promise<number> => {
    const health = await compiled(...args);
    const [loss, total] = await health.data();
    health.dispose();
    if (Number.isFinite(loss) && Number.isFinite(total)) return loss;
    const what = Number.isFinite(loss) ? 'a gradient is not finite' : `the loss is ${loss}`;
    throw new Error(
      `${who}: ${what} at step ${step}, which was not taken: the weights are those of the step before. ` +
        'A lower learning rate may help.',
    );
  };
  return Object.assign(run, { dispose: () => compiled.dispose() });
}
