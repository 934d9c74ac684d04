import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { currentBackend } from '../install.js';
import { compile } from './compile.js';
import type { CompiledResult } from './compiled-function.js';
import { type LoopPlan, makeLoopPlan } from './loop-plan.js';
import { Plans, signatureOf } from './plans.js';
import { registeredVariables, type Traceable } from './trace.js';

export interface CompileLoopOptions<R extends CompiledResult = CompiledResult> {
  /**
   * Sees the results of each call, in order, before the variables that `fn` assigned are written back. Where it gives
   * false the calls end: the variables have the values that the call before left.
   */
  accept?: (results: R) => boolean | Promise<boolean>;
}

export interface CompiledLoop<A extends tf.Tensor[], R extends CompiledResult> {
  /**
   * Calls the function with each of `calls`, one after another, and gives their results, which the caller disposes:
   * fewer than there are calls where `accept` gave false to the last of them. The arguments stay the caller's; all
   * calls have theirs in the same dtypes and shapes.
   */
  (calls: readonly A[]): Promise<R[]>;
  /** Releases the native sessions. */
  dispose(): void;
}

/**
 * As `compile`, for several calls at once whose variables stay where they are computed from one call to the next, and
 * come back once: where results go to the host (CPU, CUDA) the calls are one ONNX `Scan`, any number of them in one
 * session; where they stay on the device (WebGPU) calls follow each other without anything being read between them. The
 * variables end as single calls would leave them.
 *
 * On any other tfjs backend the result just calls `fn`.
 */
export function compileLoop<A extends tf.Tensor[], R extends CompiledResult>(
  fn: (...args: A) => R,
  options: CompileLoopOptions<R> = {},
): CompiledLoop<A, R> {
  checkOptions('compileLoop', options, { accept: true });
  const { accept = () => true } = options;
  const plans = new Plans<LoopPlan<R>>((backend, args) =>
    makeLoopPlan<R>(backend, fn as unknown as Traceable, args),
  );
  const single = compile(fn);

  const call = async (calls: readonly A[]): Promise<R[]> => {
    const signatures = new Set(calls.map(signatureOf));
    if (signatures.size !== 1)
      throw new Error(
        `compileLoop: needs calls of one signature, got ${[...signatures].join('; ') || 'no call'}`,
      );
    const backend = currentBackend();
    if (!backend || backend.runtime.device) return inSequence(calls);
    await backend.pending.flush();
    const plan = await plans.of(backend, calls[0]);
    let good = 0;
    const results = await plan.run(calls, async (results) => {
      good = await countAccepted(results);
      return good === calls.length;
    });
    await backend.runtime.turn();
    if (good > 0 && good < calls.length) {
      const again = await plan.run(calls.slice(0, good), async () => true);
      tf.dispose(again as tf.TensorContainer);
    }
    return upTo(good, results);
  };

  /** How many results are accepted before one is not. */
  async function countAccepted(results: readonly R[]): Promise<number> {
    for (const [i, result] of results.entries()) if (!(await accept(result))) return i;
    return results.length;
  }

  async function inSequence(calls: readonly A[]): Promise<R[]> {
    const before = registeredVariables().map((variable) => ({ variable, value: variable.clone() }));
    const restore = () => {
      for (const { variable, value } of before) variable.assign(value);
    };
    const results: R[] = [];
    try {
      for (const args of calls) results.push(await single(...args));
      const good = await countAccepted(results);
      if (good < calls.length) {
        restore();
        for (const args of calls.slice(0, good)) tf.dispose((await single(...args)) as tf.TensorContainer);
      }
      return upTo(good, results);
    } catch (error) {
      restore();
      tf.dispose(results as tf.TensorContainer);
      throw error;
    } finally {
      tf.dispose(before.map(({ value }) => value));
    }
  }

  return Object.assign((calls: readonly A[]) => plans.inTurn(() => call(calls)), {
    dispose: () => {
      plans.dispose();
      single.dispose();
    },
  });
}

/** The results that were accepted, and the one that was not. */
function upTo<R>(good: number, results: R[]): R[] {
  tf.dispose(results.slice(good + 1) as tf.TensorContainer);
  return results.slice(0, good + 1);
}

/**
 * Whether several calls of a `compileLoop` at once take less time than one after another: on a GPU. On a processor what is
 * computed lies where the next call finds it.
 */
export function loopPays(): boolean {
  const backend = currentBackend();
  return backend !== null && !backend.runtime.isCpu;
}
