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
  readonly #valuesOf: Parameters | undefined;
  #isDisposed = false;

  /**
   * @param options.seed of the initial values; each tensor's stream follows from (seed, its name)
   * @param options.valuesOf a network of the same architecture to take the initial values from: none are drawn
   */
  constructor(options: { seed?: number; valuesOf?: Parameters } = {}) {
    checkOptions('Parameters', options, { seed: true, valuesOf: true });
    const { seed = 0, valuesOf } = options;
    this.#seed = seed;
    this.#valuesOf = valuesOf;
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
    const { name, shape, trainable } = entry;
    if (this.#entries.has(name)) throw new Error(`Parameters: ${name} is registered twice`);
    const other = this.#valuesOf?.entries.get(name);
    if (this.#valuesOf && other?.shape.join() !== shape.join())
      throw new Error(
        `Parameters: needs ${name} of shape [${shape}] in valuesOf, got ${other ? `[${other.shape}]` : 'none'}`,
      );
    const variable = tf.tidy(() => tf.variable(other?.variable ?? this.#drawn(entry, init), trainable));
    this.#entries.set(name, { ...entry, variable });
    return variable;
  }

  #drawn({ name, shape, layout, dtype }: Omit<Parameter, 'variable'>, init: Initializer): tf.Tensor {
    const values = toTfjs(init(shape, seedOfName(this.#seed, name)), shape, layout);
    return tf.tensor(values, tfjsShape(shape, layout), dtype === 'I64' ? 'int32' : 'float32');
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
