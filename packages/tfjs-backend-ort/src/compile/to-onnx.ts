import type * as tf from '@tensorflow/tfjs';
import { program, toModel } from '../graph/program.js';
import type { HostArray, Value } from '../graph/value.js';
import { materialize } from '../graph/view.js';
import { currentBackend } from '../install.js';
import { trace } from './trace.js';

export interface ToOnnxOptions {
  /** Name, shape and dtype of each argument of the function, in order. */
  inputs: readonly { name: string; shape: readonly number[]; dtype?: 'float32' | 'int32' | 'bool' }[];
  /** Names of the tensors it returns, in order. */
  outputs: readonly string[];
  /** Kept in the model as metadata. */
  metadata?: Readonly<Record<string, string>>;
}

/**
 * A function of tensors as an ONNX model (IR 9, opset 18 and ONNX Runtime's contrib ops) with the values of all
 * variables it reads inside. The shapes are fixed. The rules for `fn` are those of `compile`.
 *
 * @returns the bytes of a `.onnx` file
 * @throws on another backend than `ort`, if `fn` assigns a variable, ignores an argument or returns another number of
 *   tensors
 */
export async function toOnnx(
  fn: (...args: tf.Tensor[]) => tf.Tensor | tf.Tensor[],
  { inputs, outputs, metadata = {} }: ToOnnxOptions,
): Promise<Uint8Array> {
  const backend = currentBackend();
  if (!backend) throw new Error("toOnnx: needs the backend 'ort'; call initOrt first");
  await backend.pending.flush();
  const args = inputs.map(({ shape, dtype = 'float32' }) => ({ shape, dtype }) as unknown as tf.Tensor);
  const { placeholders, results, assigned } = trace(backend, fn, args);
  if (assigned.length) {
    throw new Error(
      `toOnnx: needs a function without side effects, but it assigns ${assigned[0].variable.name}`,
    );
  }
  if (results.length !== outputs.length) {
    throw new Error(`toOnnx: needs ${outputs.length} outputs (${outputs.join(', ')}), got ${results.length}`);
  }
  const p = program(results.map(({ view }) => materialize(view)));
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
  return toModel({ ...p, key: '', names }, frozen, { outputNames: outputs, metadata }).bytes;
}
