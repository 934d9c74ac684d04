import { checkOptions } from '@ddad/options';
import type * as tf from '@tensorflow/tfjs';
import type { OrtBackend } from '../backend/backend.js';
import { program, toModel } from '../graph/program.js';
import { type HostArray, op, scalar, Value } from '../graph/value.js';
import { materialize } from '../graph/view.js';
import { currentBackend } from '../install.js';
import { ONNX_DTYPE } from '../onnx/model.js';
import { generalizeSize, tracedSizes } from './any-size.js';
import { type Trace, type Traceable, trace } from './trace.js';

type Shape = readonly (number | null)[];

export interface ToOnnxOptions {
  /**
   * Name, shape and dtype of each argument of the function, in order. `null` in a shape is the model's size n, for
   * instance of a batch: any number from 1, the same wherever `null` stands. The function has an input of bytes,
   * `uint8`, as int32.
   */
  inputs: readonly { name: string; shape: Shape; dtype?: 'float32' | 'int32' | 'bool' | 'uint8' }[];
  /** Names of the tensors it returns, in order. */
  outputs: readonly string[];
  /** Kept in the model as metadata. */
  metadata?: Readonly<Record<string, string>>;
}

/**
 * A function of tensors as an ONNX model (IR 9, opset 18 and ONNX Runtime's contrib ops) with the values of all
 * variables it reads inside. The rules for `fn` are those of `compile`. With `null` in a shape `fn` runs at three sizes
 * and what differs between its graphs is computed from n in the model; a branch on the size itself stays unseen.
 *
 * @returns the bytes of a `.onnx` file
 * @throws on another backend than `ort`, if `fn` assigns a variable, ignores an argument or returns another number of
 *   tensors; an error named `AnySizeError` if its graphs at three sizes differ in more than shapes and extents that go
 *   with n
 */
export async function toOnnx(
  fn: (...args: tf.Tensor[]) => tf.Tensor | tf.Tensor[],
  options: ToOnnxOptions,
): Promise<Uint8Array> {
  checkOptions('toOnnx', options, { inputs: true, outputs: true, metadata: true });
  const { inputs, outputs, metadata = {} } = options;
  const backend = currentBackend();
  if (!backend) throw new Error("toOnnx: needs the backend 'ort'; call initOrt first");
  await backend.pending.flush();
  const { placeholders, results, assigned, dims } = traceAnySize(backend, fn, inputs);
  if (assigned.length) {
    throw new Error(
      `toOnnx: needs a function without side effects, but it assigns ${assigned[0].variable.name}`,
    );
  }
  if (results.length !== outputs.length) {
    throw new Error(`toOnnx: needs ${outputs.length} outputs (${outputs.join(', ')}), got ${results.length}`);
  }
  const p = program(results);
  const names = new Map(p.names);
  const frozen = new Map<Value, HostArray>();
  const used = new Set<number>();
  for (const value of p.inputs) {
    const origin = placeholders.get(value);
    if (origin && 'argument' in origin) {
      names.set(value, inputs[origin.argument].name);
      used.add(origin.argument);
    } else
      frozen.set(value, await backend.values.toHost(origin ? backend.view(origin.variable).value : value));
  }
  const ignored = inputs.filter((_, i) => !used.has(i)).map(({ name }) => name);
  if (ignored.length)
    throw new Error(`toOnnx: needs a function of all inputs, but it ignores ${ignored.join(', ')}`);
  return toModel({ ...p, key: '', names }, frozen, { outputNames: outputs, metadata, dims }).bytes;
}

interface AnySize extends Pick<Trace, 'placeholders' | 'assigned'> {
  results: Value[];
  /** As the model tells them. */
  dims?: (value: Value) => readonly (number | string)[];
}

function traceAnySize(backend: OrtBackend, fn: Traceable, inputs: ToOnnxOptions['inputs']): AnySize {
  const traceAt = (size: number): AnySize => {
    const args = inputs.map(({ shape, dtype = 'float32' }) => ({
      shape: shape.map((d) => d ?? size),
      dtype: dtype === 'uint8' ? 'int32' : dtype,
    }));
    const { placeholders, results, assigned } = trace(backend, fn, args as unknown as tf.Tensor[]);
    for (const [value, origin] of [...placeholders]) {
      if ('argument' in origin && inputs[origin.argument].dtype === 'uint8') {
        placeholders.delete(value);
        placeholders.set(bytesBehind(value), origin);
      }
    }
    return { placeholders, assigned, results: results.map(({ view }) => materialize(view)) };
  };
  const argument = inputs.findIndex(({ shape }) => shape.includes(null));
  if (argument < 0) return traceAt(0);
  const traces = tracedSizes.map(traceAt);
  const [{ placeholders }] = traces;
  const [source] = [...placeholders].find(
    ([, origin]) => 'argument' in origin && origin.argument === argument,
  )!;
  const shape = op('Shape', [source], 'int64', [source.shape.length]);
  const axis = inputs[argument].shape.indexOf(null);
  const size = op('Gather', [shape, scalar(axis, 'int64')], 'int64', []);
  const graphs = traces.map(({ results, placeholders }) => ({
    results,
    identity: (leaf: Value) => {
      const origin = placeholders.get(leaf);
      if (!origin) return leaf;
      return 'argument' in origin ? origin.argument : origin.variable;
    },
  }));
  return { ...traces[0], dims: generalizeSize(graphs, size) };
}

/** Makes an int32 placeholder a cast of bytes, which are then the input. */
function bytesBehind(value: Value): Value {
  const bytes = new Value('uint8', value.shape);
  const attributes = { to: ONNX_DTYPE.int32 };
  value.op = { type: 'Cast', domain: '', inputs: [bytes], attributes, outputs: [value] };
  return bytes;
}
