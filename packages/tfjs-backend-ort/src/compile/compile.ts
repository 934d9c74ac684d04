import * as tf from '@tensorflow/tfjs';
import type { OrtBackend, TensorData, Tracer } from '../backend/backend.js';
import { permuteView } from '../graph/host.js';
import { type DType, hostValue, scalar, Value } from '../graph/value.js';
import { identity, inLayout, materialize, plain, type View } from '../graph/view.js';
import { currentBackend } from '../install.js';
import { filled } from '../kernels/shape.js';
import type { Session } from '../runtime/runtime.js';
import { Frozen } from './frozen.js';
import { OutputMemory } from './output-memory.js';

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
  { freeze = [], accept }: CompileOptions<R> = {},
): CompiledFunction<A, R> {
  const plans = new Map<string, Plan<R>>();
  let tail: Promise<unknown> = Promise.resolve();

  const call = async (args: A): Promise<R> => {
    const backend = currentBackend();
    if (!backend) return callEagerly(() => fn(...args), accept);
    await backend.flush();
    const signature = args.map((arg) => `${arg.dtype}[${arg.shape}]`).join();
    let plan = plans.get(signature);
    if (plan && !plan.isCurrent(backend)) {
      plan.dispose();
      plans.delete(signature);
      plan = undefined;
    }
    if (!plan) {
      plan = await makePlan<R>(backend, fn as unknown as Traceable, args, freeze);
      plans.set(signature, plan);
    }
    return plan.run(args, accept);
  };

  const compiled = (...args: A): Promise<R> => {
    const result = tail.then(() => call(args));
    tail = result.catch(() => undefined); // the caller sees the error; the next call starts afresh
    return result;
  };
  compiled.dispose = () => {
    for (const plan of plans.values()) plan.dispose();
    plans.clear();
  };
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

export type Traceable = (...args: tf.Tensor[]) => CompiledResult;

interface Plan<R extends CompiledResult> {
  isCurrent(backend: OrtBackend): boolean;
  run(args: readonly tf.Tensor[], accept: CompileOptions<R>['accept']): Promise<R>;
  dispose(): void;
}

type Source = { argument: number } | { variable: tf.Variable; perm: readonly number[] } | { captured: Value };

export interface Trace {
  /** Stands for an argument or a variable in the graph. */
  placeholders: Map<Value, { argument: number } | { variable: tf.Variable }>;
  /** What `fn` returned: the views of its tensors and how to put tensors back in their place. */
  results: { view: View; dtype: tf.DataType; shape: number[] }[];
  rebuild: (tensors: tf.Tensor[]) => unknown;
  assigned: { variable: tf.Variable; view: View }[];
  /** Scalars and uniform tensors created on the host, in order. */
  hostNumbers: number[];
}

async function makePlan<R extends CompiledResult>(
  backend: OrtBackend,
  fn: Traceable,
  args: readonly tf.Tensor[],
  freeze: readonly tf.Variable[],
): Promise<Plan<R>> {
  const frozenVariables = new Set(freeze);
  const first = trace(backend, fn, args);
  await settleLayouts(backend, first);
  // The second trace sees the variables in their lasting layout, and betrays numbers that change from call to call.
  const second = trace(backend, fn, args);
  const changed = first.hostNumbers.findIndex((value, i) => !Object.is(value, second.hostNumbers[i]));
  if (changed >= 0 || first.hostNumbers.length !== second.hostNumbers.length) {
    throw new Error(
      `compile: fn created different numbers in two traces (${first.hostNumbers[changed]}, then ` +
        `${second.hostNumbers[changed]}); they would be frozen into the graph. Pass what changes as an argument.`,
    );
  }
  const { placeholders, results, rebuild, assigned } = second;

  const outputs = [
    ...results.map(({ view }) => materialize(view)),
    ...assigned.map(({ variable, view }) => inLayout(view, backend.view(variable).perm)),
  ];
  const standIns = new Map<Value, tf.Variable>();
  for (const [value, origin] of placeholders) {
    if ('variable' in origin && frozenVariables.has(origin.variable)) standIns.set(value, origin.variable);
  }
  const p = backend.program(outputs, new Set(standIns.keys()));
  const frozen = new Frozen(backend, standIns);
  const constants = await frozen.constantsOf(p);
  const sources: Source[] = [];
  for (const value of p.inputs) {
    if (constants.inside.has(value) || constants.outside.has(value)) continue;
    const origin = placeholders.get(value);
    if (!origin) sources.push({ captured: value });
    else if ('argument' in origin) sources.push(origin);
    else sources.push({ ...origin, perm: backend.view(origin.variable).perm });
  }
  const { runsInto } = backend.runtime;
  const model = backend.model(p, constants.inside, { unreadable: runsInto, outside: constants.outside });
  const externalData = frozen.externalData(model.outside);
  const session: Session = await backend
    .load(model, backend.options.threads, externalData)
    .finally(() => frozen.done());
  const memory = new OutputMemory(backend, outputs);
  const assignedPerms = assigned.map(({ variable }) => backend.view(variable).perm);

  const feedsOf = async (callArgs: readonly tf.Tensor[]): Promise<unknown[]> => {
    const feeds: unknown[] = [];
    for (const source of sources) {
      if ('captured' in source) {
        feeds.push(backend.values.feed(source.captured));
        continue;
      }
      const tensor = 'argument' in source ? callArgs[source.argument] : source.variable;
      const entry = backend.entry(tensor.dataId);
      const perm = 'argument' in source ? identity(tensor.rank) : source.perm;
      await relayout(backend, entry, perm);
      feeds.push(backend.values.feed(entry.view.value));
    }
    return feeds;
  };
  for (const source of sources) if ('captured' in source) backend.values.hold(source.captured);

  /** Runs the session; the outputs' values are made as they are asked for. */
  const compute = async (feeds: unknown[]): Promise<(i: number) => Value> => {
    if (session.runInto) {
      const values = outputs.map((_, i) => memory.take(i));
      session.runInto(
        feeds,
        values.map(({ handle }) => handle),
      );
      for (let i = results.length; i < values.length; i++) values[i].reusable = true;
      return (i) => values[i];
    }
    const outs = await backend.values.whileRunning(() => session.run(feeds));
    return (i) => {
      const value = new Value(outputs[i].dtype, outputs[i].shape);
      backend.values.fill(value, outs[i]);
      return value;
    };
  };

  return {
    isCurrent: (now) => now === backend && frozen.isCurrent,
    dispose: () => {
      session.dispose();
      memory.clear();
      for (const source of sources) if ('captured' in source) backend.values.release(source.captured);
    },
    run: async (callArgs, accept) => {
      const leaf = await compute(await feedsOf(callArgs));
      const made = rebuild(
        results.map(({ shape, dtype }, i) => {
          const info = backend.output(plain(leaf(i)), dtype);
          return tensorOf({ ...info, shape });
        }),
      ) as R;
      let accepted = false;
      try {
        accepted = !accept || (await accept(made));
      } catch (error) {
        tf.dispose(made);
        throw error;
      } finally {
        for (const [i, { variable }] of assigned.entries()) {
          const view = { value: leaf(results.length + i), perm: assignedPerms[i] };
          const entry = backend.entry(variable.dataId);
          if (accepted && entry.refCount === 1) {
            const former = entry.view.value;
            backend.setView(entry, view);
            memory.giveBack(results.length + i, former);
            continue;
          }
          const value = tensorOf(backend.output(view, variable.dtype));
          if (accepted) variable.assign(value);
          value.dispose();
          memory.giveBack(results.length + i, view.value);
        }
      }
      return made;
    },
  };
}

/** Runs `fn` on placeholders of the arguments' shapes and dtypes. Nothing may be pending. */
export function trace(backend: OrtBackend, fn: Traceable, args: readonly tf.Tensor[]): Trace {
  const placeholders: Trace['placeholders'] = new Map();
  const hostNumbers: number[] = [];
  const tracer: Tracer = {
    onWrite: (value) => {
      const { data, shape, dtype } = value;
      const fill = data!.length > 0 ? Number(data![0]) : 0;
      for (let i = 1; i < data!.length; i++) {
        if (Number(data![i]) !== fill) {
          throw new Error(
            `compile: fn created host data of shape [${shape}] (a tensor from an array, or random numbers); it would be ` +
              'frozen into the graph. Create it outside fn and pass it as an argument.',
          );
        }
      }
      hostNumbers.push(fill);
      if (data!.length === 0) return plain(value);
      return shape.length === 0 ? plain(scalar(fill, dtype)) : filled(shape, fill, dtype as 'float32');
    },
    onRead: () => {
      throw new Error(
        'compile: fn reads a tensor value; inside a compiled function values do not exist yet.',
      );
    },
  };
  const engine = tf.engine();
  engine.startScope('compile');
  try {
    const inputs = args.map((arg, argument) => {
      assertNumeric(arg, `argument ${argument + 1}`);
      const value = new Value(arg.dtype as DType, arg.shape);
      placeholders.set(value, { argument });
      return tensorOf(backend.placeholder(plain(value), arg.dtype));
    });
    // Each variable gets a value of its own for the time of the trace: variables may share data.
    const variables = registeredVariables();
    const originals = variables.map((variable) => variable.clone());
    const standIns = variables.map((variable) => {
      const { value: current, perm } = backend.view(variable);
      const value = new Value(current.dtype, current.shape);
      placeholders.set(value, { variable });
      const tensor = tensorOf(backend.placeholder({ value, perm }, variable.dtype));
      variable.assign(tensor);
      return tensor;
    });
    const assigned: Trace['assigned'] = [];
    let result: CompiledResult;
    try {
      result = backend.trace(tracer, () => fn(...inputs));
    } finally {
      variables.forEach((variable, i) => {
        if (variable.dataId !== standIns[i].dataId) assigned.push({ variable, view: backend.view(variable) });
        variable.assign(originals[i]);
      });
    }
    if (result instanceof Promise)
      throw new Error('compile: fn must be synchronous, but it returned a promise.');
    const { tensors, rebuild } = flatten(result);
    for (const t of tensors) assertNumeric(t, 'a result');
    const results = tensors.map((t) => ({ view: backend.view(t), dtype: t.dtype, shape: t.shape }));
    return { placeholders, results, rebuild, assigned, hostNumbers };
  } finally {
    engine.endScope();
  }
}

/**
 * Keeps each variable on the host in the layout that costs the graph least: one that `fn` assigns in the layout of
 * its new value, so that an optimizer's update moves no axis; another in the layout its first consumer asked for.
 */
async function settleLayouts(backend: OrtBackend, { placeholders, assigned }: Trace): Promise<void> {
  for (const { variable, view } of assigned) {
    await relayout(backend, backend.entry(variable.dataId), view.perm);
  }
  const settled = new Set(assigned.map(({ variable }) => variable.dataId)); // variables may share data
  for (const [value, origin] of placeholders) {
    if (!('variable' in origin) || settled.has(origin.variable.dataId)) continue;
    const asked = value.transposed.keys().next().value;
    if (asked === undefined) continue;
    const order = asked.split(',').map(Number);
    const entry = backend.entry(origin.variable.dataId);
    // Physical axis p of the new layout is the old one's order[p].
    await relayout(
      backend,
      entry,
      entry.view.perm.map((p) => order.indexOf(p)),
    );
  }
}

async function relayout(backend: OrtBackend, entry: TensorData, perm: readonly number[]): Promise<void> {
  if (entry.view.perm.every((axis, i) => axis === perm[i])) return;
  const { value } = entry.view;
  await backend.values.toHost(value);
  const shape = new Array<number>(perm.length);
  perm.forEach((p, axis) => {
    shape[p] = value.shape[entry.view.perm[axis]];
  });
  backend.setView(entry, { value: hostValue(value.dtype, shape, permuteView(entry.view, perm)), perm });
}

function registeredVariables(): tf.Variable[] {
  return Object.values(tf.engine().registeredVariables).filter(
    ({ dtype }) => dtype !== 'string' && dtype !== 'complex64',
  );
}

function assertNumeric({ dtype }: tf.Tensor, what: string): void {
  if (dtype === 'string' || dtype === 'complex64') {
    throw new Error(
      `compile: ${what} of fn is ${dtype}, but a graph takes and gives float32, int32 and bool` +
        (dtype === 'complex64' ? '. Pass the real and the imaginary part as two tensors.' : '.'),
    );
  }
}

function tensorOf(info: tf.TensorInfo): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(info);
}

function flatten(result: CompiledResult): {
  tensors: tf.Tensor[];
  rebuild: (tensors: tf.Tensor[]) => unknown;
} {
  if (result === undefined) return { tensors: [], rebuild: () => undefined };
  if (result instanceof tf.Tensor) return { tensors: [result], rebuild: ([tensor]) => tensor };
  if (Array.isArray(result)) return { tensors: result, rebuild: (tensors) => tensors };
  const names = Object.keys(result);
  return {
    tensors: names.map((name) => result[name]),
    rebuild: (tensors) => Object.fromEntries(names.map((name, i) => [name, tensors[i]])),
  };
}
