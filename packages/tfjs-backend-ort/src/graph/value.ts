import type { Attribute } from '../onnx/model.js';

/** Element types of a graph: tfjs's numeric types, ONNX's index type, and bytes, which are but inputs. */
export type DType = 'float32' | 'int32' | 'bool' | 'int64' | 'uint8';
export type HostArray = Float32Array | Int32Array | Uint8Array | BigInt64Array;

/** Elements outside of memory. */
export interface Stored {
  read(): HostArray;
  /** They are not needed any more. */
  release(): void;
}

/** One ONNX node that has not run yet. */
export interface Op {
  readonly type: string;
  readonly domain: string;
  readonly inputs: readonly (Value | null)[];
  readonly attributes: Record<string, Attribute>;
  readonly outputs: Value[];
}

/**
 * A tensor of the graph in its physical (row-major) layout. It is still to be computed (`op`), or lies on the host
 * (`data`), on the execution provider's device (`handle` alone), on both, or in a file (`stored`). A constant's data
 * is part of the graph's structure.
 */
export class Value {
  op: Op | null = null;
  data: HostArray | null = null;
  constant = false;
  /** The runtime's tensor object: over `data`, or of the device's memory. */
  handle: unknown = null;
  stored: Stored | null = null;
  /** The memory of `data` may serve another value once nothing holds this one: no caller was handed it. */
  reusable = false;
  /** Tensors and compiled functions that hold this value; device memory without a holder is released. */
  holders = 0;
  /** Transposes of this value already asked for, by permutation. */
  transposed: Map<string, Value> | null = null;

  constructor(
    readonly dtype: DType,
    readonly shape: readonly number[],
  ) {}

  get size(): number {
    return sizeOf(this.shape);
  }
}

export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const dim of shape) size *= dim;
  return size;
}

export function byteLengthOf({ dtype, size }: Value): number {
  return size * { float32: 4, int32: 4, bool: 1, int64: 8, uint8: 1 }[dtype];
}

export function hostValue(dtype: DType, shape: readonly number[], data: HostArray): Value {
  const value = new Value(dtype, shape);
  value.data = data;
  return value;
}

export function constant(dtype: DType, shape: readonly number[], data: HostArray): Value {
  const value = hostValue(dtype, shape, data);
  value.constant = true;
  return value;
}

/** A constant int64 vector: shapes, axes, pads. */
export function int64(values: readonly number[]): Value {
  return constant('int64', [values.length], BigInt64Array.from(values, BigInt));
}

export function scalar(value: number, dtype: DType = 'float32'): Value {
  if (dtype === 'int64') return constant('int64', [], BigInt64Array.of(BigInt(value)));
  const ArrayType = dtype === 'float32' ? Float32Array : dtype === 'int32' ? Int32Array : Uint8Array;
  return constant(dtype, [], ArrayType.of(value));
}

export interface OpOptions {
  attributes?: Record<string, Attribute>;
  domain?: string;
}

/** Adds a node with one output to the pending graph. */
export function op(
  type: string,
  inputs: readonly (Value | null)[],
  dtype: DType,
  shape: readonly number[],
  options?: OpOptions,
): Value {
  return multiOp(type, inputs, [{ dtype, shape }], options)[0];
}

export function multiOp(
  type: string,
  inputs: readonly (Value | null)[],
  outputs: { dtype: DType; shape: readonly number[] }[],
  { attributes = {}, domain = '' }: OpOptions = {},
): Value[] {
  const values = outputs.map((o) => new Value(o.dtype, o.shape));
  const node: Op = { type, domain, inputs, attributes, outputs: values };
  for (const value of values) value.op = node;
  return values;
}
