import * as tf from '@tensorflow/tfjs';
import type { OrtBackend, Tracer } from '../backend/backend.js';
import { filled } from '../graph/filled.js';
import { type DType, scalar, Value } from '../graph/value.js';
import { plain, type View } from '../graph/view.js';
import type { CompiledResult } from './compiled-function.js';

export type Traceable = (...args: tf.Tensor[]) => CompiledResult;

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

/** The variables that a graph can compute with. */
export function registeredVariables(): tf.Variable[] {
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

export function tensorOf(info: tf.TensorInfo): tf.Tensor {
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
