import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { compile, compileLoop } from 'tfjs-backend-ort';
import { inPacks, packed } from './packs.js';

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
  /**
   * Takes a step with each of `calls`, in one run of the engine where it has such (`compileLoop`).
   *
   * @param step the number of the first
   * @param onLoss called with the loss of each step that was taken, in order, once the run has ended
   * @throws if a loss or a gradient is NaN or infinite; every variable then has the value of the step before that one
   */
  several(step: number, calls: readonly A[], onLoss: (loss: number) => void): Promise<void>;
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
  const accept = async (health: tf.Tensor) => (await health.data()).every(Number.isFinite);
  const healthOf = (...args: A): tf.Tensor => {
    const { loss, gradients } = take(...args);
    // A sum is not finite where a term is not.
    const sums = inPacks([...gradients.values()], ({ size }) => size).map((group) => tf.sum(packed(group)));
    return tf.stack([tf.reshape(loss, []), tf.addN(sums)]);
  };
  const one = compile(healthOf, { accept });
  const loop = compileLoop(healthOf, { accept });
  /** The loss, if the step was taken. */
  const lossOf = ([loss, total]: ArrayLike<number> & Iterable<number>, step: number): number => {
    if (Number.isFinite(loss) && Number.isFinite(total)) return loss;
    const what = Number.isFinite(loss) ? 'a gradient is not finite' : `the loss is ${loss}`;
    throw new Error(
      `${who}: ${what} at step ${step}, which was not taken: the weights are those of the step before. ` +
        'A lower learning rate may help.',
    );
  };
  const run = async (step: number, ...args: A): Promise<number> => {
    const health = await one(...args);
    const values = await health.data();
    health.dispose();
    return lossOf(values, step);
  };
  return Object.assign(run, {
    async several(step: number, calls: readonly A[], onLoss: (loss: number) => void) {
      const healths = await loop(calls);
      try {
        for (const [i, health] of healths.entries()) onLoss(lossOf(await health.data(), step + i));
      } finally {
        tf.dispose(healths);
      }
    },
    dispose: () => {
      one.dispose();
      loop.dispose();
    },
  });
}
