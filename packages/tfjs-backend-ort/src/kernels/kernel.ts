import type * as tf from '@tensorflow/tfjs';
import type { OrtBackend } from '../backend/backend.js';
import { isIdentity, reshapeValue } from '../graph/transpose.js';
import { type DType, op, sizeOf, type Value } from '../graph/value.js';
import { commonLayout, expandRank, identity, inLayout, NHWC_IN_NCHW, type View } from '../graph/view.js';

export type Inputs = Record<string, tf.TensorInfo>;
// biome-ignore lint/suspicious/noExplicitAny: each kernel knows the attributes tfjs-core documents for it.
export type Attrs = any;

/**
 * One tfjs kernel: adds nodes to the pending graph and returns the tensors they will make, or null where this
 * case is left to tfjs's `cpu` kernel.
 */
export type Kernel = (b: OrtBackend, inputs: Inputs, attrs: Attrs) => tf.TensorInfo | tf.TensorInfo[] | null;

export type Kernels = Record<string, Kernel>;

/** tfjs's dtype as a graph's; the types no graph computes with are refused by name. */
export function graphType(dtype: tf.DataType, kernel: string): DType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new Error(`tfjs-backend-ort: ${kernel} does not support dtype ${dtype}.`);
}

export function cast(value: Value, dtype: DType): Value {
  if (value.dtype === dtype) return value;
  const to = { float32: 1, int32: 6, int64: 7, bool: 9 }[dtype];
  return op('Cast', [value], dtype, value.shape, { attributes: { to } });
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

/** Brings broadcastable views into one layout, so that ONNX's broadcasting means what tfjs's does. */
export function align(
  views: readonly View[],
  outShape: readonly number[],
): { values: Value[]; perm: readonly number[] } {
  const rank = outShape.length;
  const many = views.filter((view) => view.value.size !== 1).map((view) => expandRank(view, rank));
  const perm = fewChannelsInside(many, outShape)
    ? NHWC_IN_NCHW
    : many.length > 0
      ? commonLayout(many)
      : identity(rank);
  let next = 0;
  const values = views.map((view) => (view.value.size === 1 ? view.value : inLayout(many[next++], perm)));
  return { values, perm };
}

/**
 * Whether the views are an image batch with a few channels inside and one number per channel: ONNX Runtime would
 * broadcast a few elements at a time, and a convolution, which wants the channels outside, mostly follows.
 */
function fewChannelsInside(views: readonly View[], shape: readonly number[]): boolean {
  if (shape.length !== 4 || shape[3] > 8 || shape[1] * shape[2] < 1024) return false;
  const perChannel = views.some(({ value }) => value.size === shape[3]);
  return perChannel && views.every(({ value, perm }) => value.size === shape[3] || isIdentity(perm));
}

/** An elementwise op over broadcast inputs. */
export function elementwise(
  b: OrtBackend,
  infos: readonly tf.TensorInfo[],
  outShape: readonly number[],
  dtype: tf.DataType,
  compute: (values: Value[], shape: number[]) => Value,
): tf.TensorInfo {
  const { values, perm } = align(
    infos.map((info) => b.view(info)),
    outShape,
  );
  const shape = physicalShape(outShape, perm);
  const flat = asVectors(values, shape);
  const value = flat ? reshapeValue(compute(flat, [sizeOf(shape)]), shape) : compute(values, shape);
  return b.output({ value, perm }, dtype);
}

/**
 * Tensors of one shape and scalars as vectors and scalars, where an axis of length 1 among the others makes ONNX
 * Runtime broadcast the scalars element by element, 30 times slower.
 */
function asVectors(values: readonly Value[], shape: readonly number[]): Value[] | null {
  const size = sizeOf(shape);
  const first = shape.findIndex((d) => d !== 1);
  if (size < 4096 || !shape.slice(first).includes(1) || !values.some((value) => value.size === 1))
    return null;
  if (!values.every((value) => value.size === 1 || value.size === size)) return null;
  return values.map((value) => reshapeValue(value, value.size === 1 ? [] : [size]));
}
