import type * as tf from '@tensorflow/tfjs';
import { type DType, type HostArray, op, type Value } from '../graph/value.js';
import type { View } from '../graph/view.js';
import { ONNX_DTYPE } from '../onnx/model.js';

export type Inputs = Record<string, tf.TensorInfo>;
// biome-ignore lint/suspicious/noExplicitAny: each kernel knows the attributes tfjs-core documents for it.
export type Attrs = any;

/** What kernels use of the backend. */
export interface KernelBackend {
  /** `isCpu`: whether a processor computes; `device`: where results lie in a device's memory. */
  readonly runtime: { readonly isCpu: boolean; readonly device?: object };
  /** Kernels describe a compiled function: what tensors hold now is not what they will hold. */
  readonly isTracing: boolean;
  /** @throws while a function is traced, as no part of a graph */
  assertNotTracing(what: string): void;
  view(info: tf.TensorInfo): View;
  /** A new tensor whose elements are `view`'s; nothing is computed yet. */
  output(view: View, dtype: tf.DataType): tf.TensorInfo;
  /** A new tensor over host data, row-major. */
  hostOutput(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): tf.TensorInfo;
  /** As `hostOutput` for small tables that depend on attributes alone; part of the graph while tracing. */
  constantOutput(values: HostArray, shape: number[], dtype: tf.DataType): tf.TensorInfo;
  /** A complex tensor of two tensors of one shape. */
  complexOutput(real: tf.TensorInfo, imag: tf.TensorInfo): tf.TensorInfo;
  complexPart(info: tf.TensorInfo, part: 'real' | 'imag'): tf.TensorInfo;
  incRef(dataId: object): void;
  disposeData(dataId: object): boolean;
  /** True if the tensor's data lies in this backend. */
  owns(dataId: object): boolean;
  /** Whether `readSync` has the values, or a runtime that can get them at once. */
  canReadSync(dataId: object): boolean;
  readSync(dataId: object): tf.backend_util.BackendValues;
}

/**
 * One tfjs kernel: adds nodes to the pending graph and returns the tensors they will make, or null where this
 * case is left to tfjs's `cpu` kernel.
 */
export type Kernel = (
  b: KernelBackend,
  inputs: Inputs,
  attrs: Attrs,
) => tf.TensorInfo | tf.TensorInfo[] | null;

export type Kernels = Record<string, Kernel>;

/** tfjs's dtype as a graph's; the types no graph computes with are refused by name. */
export function graphType(dtype: tf.DataType, kernel: string): DType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new Error(`tfjs-backend-ort: ${kernel} does not support dtype ${dtype}.`);
}

export function cast(value: Value, dtype: DType): Value {
  if (value.dtype === dtype) return value;
  return op('Cast', [value], dtype, value.shape, { attributes: { to: ONNX_DTYPE[dtype] } });
}

/** Where(test, a, b), also for bool, which ONNX Runtime's Where does not know. */
export function where(test: Value, a: Value, b: Value, shape: readonly number[]): Value {
  if (a.dtype !== 'bool') return op('Where', [test, a, b], a.dtype, shape);
  return cast(op('Where', [test, cast(a, 'int32'), cast(b, 'int32')], 'int32', shape), 'bool');
}

/** The physical shape of a tensor of logical `shape` under `perm`. */
export function physicalShape(shape: readonly number[], perm: readonly number[]): number[] {
  const out = new Array<number>(shape.length);
  perm.forEach((p, axis) => {
    out[p] = shape[axis];
  });
  return out;
}
