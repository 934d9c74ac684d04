import * as tf from '@tensorflow/tfjs';
import type { OrtBackend, TensorData } from '../backend/backend.js';
import { permuteView } from '../graph/host.js';
import { hostValue, Value } from '../graph/value.js';
import { identity, inLayout, materialize, plain, type View } from '../graph/view.js';
import type { Session } from '../runtime/runtime.js';
import type { CompiledResult, CompileOptions } from './compiled-function.js';
import { Frozen } from './frozen.js';
import { OutputMemory } from './output-memory.js';
import { type Trace, type Traceable, tensorOf, trace } from './trace.js';

/** A function as one session, for arguments of one signature. */
export interface Plan<R extends CompiledResult> {
  isCurrent(backend: OrtBackend): boolean;
  run(args: readonly tf.Tensor[], accept: CompileOptions<R>['accept']): Promise<R>;
  dispose(): void;
}

type Source = { argument: number } | { variable: tf.Variable; perm: readonly number[] } | { captured: Value };

/** Traces `fn` and loads its graph. Nothing may be pending. */
export async function makePlan<R extends CompiledResult>(
  backend: OrtBackend,
  fn: Traceable,
  args: readonly tf.Tensor[],
  freeze: readonly tf.Variable[],
): Promise<Plan<R>> {
  const frozenVariables = new Set(freeze);
  const { placeholders, results, rebuild, assigned } = await traceSettled(backend, fn, args);
  const outputs = [
    ...results.map(({ view }) => materialize(view)),
    ...assigned.map(({ variable, view }) => inLayout(view, backend.view(variable).perm)),
  ];
  const standIns = new Map<Value, tf.Variable>();
  for (const [value, origin] of placeholders) {
    if ('variable' in origin && frozenVariables.has(origin.variable)) standIns.set(value, origin.variable);
  }
  const p = backend.loader.program(outputs, { fixed: new Set(standIns.keys()), share: true });
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
  const model = backend.loader.model(p, constants.inside, {
    unreadable: runsInto,
    outside: constants.outside,
  });
  const externalData = frozen.externalData(model.outside);
  const session: Session = await backend.loader
    .load(model, backend.options.threads, {
      externalData,
      // Frozen is inference: it loses more by waking threads than a training step does.
      spin: freeze.length > 0,
      // No values of variables outlast the process.
      keep: freeze.length === 0,
    })
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
          const former = writeBack(backend, variable, view, accepted);
          memory.giveBack(results.length + i, former);
        }
      }
      return made;
    },
  };
}

/**
 * Gives a variable its new value, or drops that.
 *
 * @returns the value that is no longer needed
 */
export function writeBack(backend: OrtBackend, variable: tf.Variable, view: View, accepted: boolean): Value {
  const entry = backend.entry(variable.dataId);
  if (accepted && entry.refCount === 1) {
    const former = entry.view.value;
    backend.setView(entry, view);
    return former;
  }
  const value = tensorOf(backend.output(view, variable.dtype));
  if (accepted) variable.assign(value);
  value.dispose();
  return view.value;
}

/** Traces `fn` with each variable in the layout that costs the graph least. Nothing may be pending. */
export async function traceSettled(
  backend: OrtBackend,
  fn: Traceable,
  args: readonly tf.Tensor[],
): Promise<Trace> {
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
  return second;
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
    const asked = value.transposed?.keys().next().value;
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

export async function relayout(
  backend: OrtBackend,
  entry: TensorData,
  perm: readonly number[],
): Promise<void> {
  if (entry.view.perm.every((axis, i) => axis === perm[i])) return;
  const { value } = entry.view;
  await backend.values.toHost(value);
  const shape = new Array<number>(perm.length);
  perm.forEach((p, axis) => {
    shape[p] = value.shape[entry.view.perm[axis]];
  });
  backend.setView(entry, { value: hostValue(value.dtype, shape, permuteView(entry.view, perm)), perm });
}
