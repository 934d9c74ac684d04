import * as tf from '@tensorflow/tfjs';
import type { OrtBackend } from '../backend/backend.js';
import { hostValue, sizeOf, Value } from '../graph/value.js';
import { inLayout, materialize, plain } from '../graph/view.js';
import type { CompiledResult } from './compiled-function.js';
import { loopModel } from './loop-model.js';
import { newArray, OutputMemory } from './output-memory.js';
import { relayout, traceSettled, writeBack } from './plan.js';
import { type Traceable, tensorOf } from './trace.js';

/** A function as one session that calls it several times, for arguments of one signature. */
export interface LoopPlan<R extends CompiledResult> {
  isCurrent(backend: OrtBackend): boolean;
  /**
   * Calls the function once for each of `calls`, and writes the variables back if `accept` gives true, which sees the
   * results of each call.
   */
  run(calls: readonly (readonly tf.Tensor[])[], accept: (results: R[]) => Promise<boolean>): Promise<R[]>;
  dispose(): void;
}

/** Traces `fn` and loads it as the body of a loop. Nothing may be pending. */
export async function makeLoopPlan<R extends CompiledResult>(
  backend: OrtBackend,
  fn: Traceable,
  args: readonly tf.Tensor[],
): Promise<LoopPlan<R>> {
  const { runtime, loader, values, options } = backend;
  const { placeholders, results, rebuild, assigned } = await traceSettled(backend, fn, args);
  const perms = assigned.map(({ variable }) => backend.view(variable).perm);
  const outputs = [
    ...results.map(({ view }) => materialize(view)),
    ...assigned.map(({ view }, i) => inLayout(view, perms[i])),
  ];
  const p = loader.program(outputs, { share: true });
  const scanned: { value: Value; argument: number }[] = [];
  const before = new Map<tf.Variable, Value>();
  for (const value of p.inputs) {
    const origin = placeholders.get(value);
    if (!origin) continue;
    if ('argument' in origin) scanned.push({ value, argument: origin.argument });
    else before.set(origin.variable, value);
  }
  if (scanned.length === 0)
    throw new Error('compileLoop: fn uses none of its arguments, so no call is like another.');
  const carried = assigned.map(({ variable }) => before.get(variable) ?? null);
  const { runsInto, maxOutputs } = runtime;
  const model = loopModel(
    p,
    { carried, scanned: scanned.map(({ value }) => value) },
    { maxOutputs, unreadable: runsInto },
  );
  const session = await loader.load(model, options.threads);
  const memory = new OutputMemory(backend, outputs.slice(results.length));

  /** What is the same in all calls: variables that are only read, and tensors of elsewhere. */
  const fixed: (
    | { captured: Value }
    | { captured?: undefined; variable: tf.Variable; perm: readonly number[] }
  )[] = model.fixed.map((value) => {
    const origin = placeholders.get(value);
    if (origin && 'variable' in origin)
      return { variable: origin.variable, perm: backend.view(origin.variable).perm };
    return { captured: value };
  });

  for (const each of fixed) if (each.captured) values.hold(each.captured);

  const feedOf = async (variable: tf.Variable, perm: readonly number[]): Promise<unknown> => {
    const entry = backend.entry(variable.dataId);
    await relayout(backend, entry, perm);
    return values.feed(entry.view.value);
  };
  const feedsOf = async (calls: readonly (readonly tf.Tensor[])[]): Promise<unknown[]> => {
    const feeds: unknown[] = [];
    for (const [i, { variable }] of assigned.entries()) feeds.push(await feedOf(variable, perms[i]));
    for (const { argument } of scanned) feeds.push(await stack(calls.map((call) => call[argument])));
    for (const each of fixed)
      feeds.push(each.captured ? values.feed(each.captured) : await feedOf(each.variable, each.perm));
    return feeds;
  };
  const stack = async (tensors: readonly tf.Tensor[]): Promise<unknown> => {
    const [{ shape, size }] = tensors;
    const { dtype } = backend.entry(tensors[0].dataId).view.value;
    const data = newArray(dtype, tensors.length * size);
    for (const [i, tensor] of tensors.entries()) data.set((await tensor.data()) as never, i * size);
    return runtime.wrap(dtype, [tensors.length, ...shape], data);
  };

  /** Runs the session: the results of all calls, and the variables' new values. */
  const compute = async (feeds: unknown[], count: number): Promise<{ stacks: Value[]; states: Value[] }> => {
    const stacks = outputs.slice(0, results.length).map(({ dtype, shape }) => {
      const stacked = [count, ...shape];
      return hostValue(dtype, stacked, newArray(dtype, sizeOf(stacked)));
    });
    if (session.runInto) {
      const states = assigned.map((_, i) => memory.take(i));
      const into = [...stacks.map((value) => values.feed(value)), ...states.map(({ handle }) => handle)];
      session.runInto(feeds, into);
      for (const state of states) state.reusable = true;
      return { stacks, states };
    }
    const outs = await values.whileRunning(() => session.run(feeds));
    const states = outputs.slice(results.length).map(({ dtype, shape }) => new Value(dtype, shape));
    for (const [i, value] of [...stacks, ...states].entries()) values.fill(value, outs[i]);
    return { stacks, states };
  };

  return {
    isCurrent: (now) => now === backend,
    dispose: () => {
      session.dispose();
      memory.clear();
      for (const each of fixed) if (each.captured) values.release(each.captured);
    },
    run: async (calls, accept) => {
      const { stacks, states } = await compute(await feedsOf(calls), calls.length);
      const made = calls.map((_, call) => {
        const tensors = results.map(({ shape, dtype }, i) => {
          const { dtype: type, shape: whole, data } = stacks[i];
          const size = sizeOf(whole) / calls.length;
          const slice = hostValue(type, whole.slice(1), data!.slice(call * size, (call + 1) * size));
          return tensorOf({ ...backend.output(plain(slice), dtype), shape });
        });
        return rebuild(tensors) as R;
      });
      let accepted = false;
      try {
        accepted = await accept(made);
      } catch (error) {
        tf.dispose(made as tf.TensorContainer);
        throw error;
      } finally {
        for (const [i, { variable }] of assigned.entries()) {
          const former = writeBack(backend, variable, { value: states[i], perm: perms[i] }, accepted);
          memory.giveBack(i, former);
        }
      }
      return made;
    },
  };
}
