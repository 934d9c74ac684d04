import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { currentBackend } from '../install.js';
import type { CompiledFunction, CompiledResult, CompileOptions } from './compiled-function.js';
import { makePlan, type Plan } from './plan.js';
import { Plans } from './plans.js';
import { registeredVariables, type Traceable } from './trace.js';

/**
 * Turns a function of tensors into one native graph per input signature (dtypes and shapes of the arguments).
 * The first call traces `fn`; later calls do no JavaScript op dispatch at all.
 *
 * Variables that `fn` reads become inputs; those it assigns are written back after each call; those in `freeze`
 * become constants. `fn` must not create host data or random numbers (they would be frozen into the graph: an
 * error), nor read tensor values. JavaScript numbers in ops are constants and are fine.
 *
 * On any other tfjs backend the result just calls `fn`.
 */
export function compile<A extends tf.Tensor[], R extends CompiledResult>(
  fn: (...args: A) => R,
  options: CompileOptions<R> = {},
): CompiledFunction<A, R> {
  checkOptions('compile', options, { freeze: true, accept: true });
  const { freeze = [], accept } = options;
  const plans = new Plans<Plan<R>>((backend, args) =>
    makePlan<R>(backend, fn as unknown as Traceable, args, freeze),
  );

  const call = async (args: A): Promise<R> => {
    const backend = currentBackend();
    if (!backend) return callEagerly(() => fn(...args), accept);
    await backend.pending.flush();
    const plan = await plans.of(backend, args);
    const results = await plan.run(args, accept);
    await backend.runtime.turn();
    return results;
  };

  const compiled = (...args: A): Promise<R> => plans.inTurn(() => call(args));
  compiled.dispose = () => plans.dispose();
  return compiled;
}

async function callEagerly<R extends CompiledResult>(
  fn: () => R,
  accept: CompileOptions<R>['accept'],
): Promise<R> {
  const before = accept
    ? registeredVariables().map((variable) => ({ variable, value: variable.clone() }))
    : [];
  try {
    const results = tf.tidy(() => fn() as tf.TensorContainer) as R;
    if (accept && !(await accept(results))) for (const { variable, value } of before) variable.assign(value);
    return results;
  } finally {
    tf.dispose(before.map(({ value }) => value));
  }
}
