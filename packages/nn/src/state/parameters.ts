import { checkOptions } from '@ddad/options';
import type { StateDict } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { seedOfName } from '../random/seed-of-name.js';
import type { Initializer } from './initializers.js';
import { type Layout, tfjsShape, toTfjs, toTorch } from './layout.js';
import { type LoadResult, loadParameters } from './load-state-dict.js';
import type { Parameter } from './parameter.js';

/**
 * The named tensors of a network in state-dict order. Modules register what they own under a {@link Scope};
 * the network loads, saves, counts and disposes all of them here.
 */
export class Parameters {
  readonly #entries = new Map<string, Parameter>();
  readonly #seed: number;
  #isDisposed = false;

  /** @param options.seed of the initial values; each tensor's stream follows from (seed, its name) */
  constructor(options: { seed?: number } = {}) {
    checkOptions('Parameters', options, { seed: true });
    const { seed = 0 } = options;
    this.#seed = seed;
  }

  /** All tensors, buffers included, by name in state-dict order. */
  get entries(): ReadonlyMap<string, Parameter> {
    return this.#entries;
  }

  /** The trainable variables by PyTorch name. */
  get trainable(): Map<string, tf.Variable> {
    const named = new Map<string, tf.Variable>();
    for (const { name, variable, trainable } of this.#entries.values()) {
      if (trainable) named.set(name, variable);
    }
    return named;
  }

  /** The root scope, or the one of a prefix such as `layer1.0`. */
  scope(prefix = ''): Scope {
    const join = (name: string) => (prefix ? `${prefix}.${name}` : name);
    return {
      child: (name) => this.scope(join(String(name))),
      parameter: (name, shape, { layout = 'same', init }) =>
        this.#add({ name: join(name), shape, layout, dtype: 'F32', trainable: true, optional: false }, init),
      buffer: (name, shape, { init, dtype = 'F32', optional = false }) =>
        this.#add({ name: join(name), shape, layout: 'same', dtype, trainable: false, optional }, init),
    };
  }

  /**
   * Sets values by name from a PyTorch state dict.
   *
   * @param options.strict throw if a name that is not optional is missing, or one unexpected. @default true
   * @returns the names that did not match; a shape that differs is an error even when not strict
   */
  loadStateDict(stateDict: StateDict, { strict = true, who = 'loadStateDict' } = {}): LoadResult {
    this.assertUsable(who);
    return loadParameters(this.#entries, stateDict, { strict, who });
  }

  /** All tensors in PyTorch names and layouts, in order. */
  async stateDict({ who = 'stateDict' } = {}): Promise<StateDict> {
    this.assertUsable(who);
    return readParameters(this.#entries.values());
  }

  /** Takes the values of a network of the same architecture. */
  copyFrom(other: Parameters): void {
    for (const [name, { variable }] of this.#entries) variable.assign(other.entries.get(name)!.variable);
  }

  /** Throws after {@link dispose}; `who` opens the message. */
  assertUsable(who: string): void {
    if (this.#isDisposed) throw new Error(`${who}: this network was disposed; make or load it again`);
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const { variable } of this.#entries.values()) variable.dispose();
    this.#entries.clear();
  }

  #add(entry: Omit<Parameter, 'variable'>, init: Initializer): tf.Variable {
    const { name, shape, layout, dtype, trainable } = entry;
    if (this.#entries.has(name)) throw new Error(`Parameters: ${name} is registered twice`);
    const values = toTfjs(init(shape, seedOfName(this.#seed, name)), shape, layout);
    const initial = tf.tensor(values, tfjsShape(shape, layout), dtype === 'I64' ? 'int32' : 'float32');
    const variable = tf.variable(initial, trainable);
    initial.dispose();
    this.#entries.set(name, { ...entry, variable });
    return variable;
  }
}

/** Where a module registers its tensors. */
export interface Scope {
  child(name: string | number): Scope;
  /** Registers a trainable tensor of PyTorch's `shape`; the variable returned has tfjs's. */
  parameter(name: string, shape: number[], options: { layout?: Layout; init: Initializer }): tf.Variable;
  /** Registers a tensor that is saved but not trained, and that a state dict may lack where it is `optional`. */
  buffer(
    name: string,
    shape: number[],
    options: { init: Initializer; dtype?: 'F32' | 'I64'; optional?: boolean },
  ): tf.Variable;
}

/** Reads variables into a state dict (PyTorch names and layouts). */
export async function readParameters(parameters: Iterable<Parameter>): Promise<StateDict> {
  const stateDict: StateDict = new Map();
  for (const { name, variable, shape, layout, dtype } of parameters) {
    const data = await variable.data();
    stateDict.set(
      name,
      dtype === 'I64'
        ? { dtype, shape: [...shape], data: BigInt64Array.from(data as Int32Array, (v) => BigInt(v)) }
        : { dtype, shape: [...shape], data: toTorch(Float32Array.from(data), shape, layout) },
    );
  }
  return stateDict;
}
