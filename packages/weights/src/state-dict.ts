/**
 * Element types, spelt as safetensors spells them. `BOOL` holds 0 and 1 in a `Uint8Array`; the types that
 * JavaScript has no array for (`F16`, `BF16`, `F8_*`) hold their bit patterns and normally never reach a caller,
 * because reading widens them to `F32`.
 */
export type DType = keyof typeof dtypes;

export type TensorData =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

export interface StateTensor {
  dtype: DType;
  /** Sizes of the dimensions, outermost first; `[]` for a scalar. */
  shape: number[];
  /** The elements in row-major order, in the array type of `dtype` (`F32` in a `Float32Array`). */
  data: TensorData;
}

/** Named tensors in order, with PyTorch's names and layouts (convolutions `[out, in, h, w]`). */
export type StateDict = Map<string, StateTensor>;

type ArrayType = {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): TensorData;
  new (length: number): TensorData;
};

export const dtypes = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  F8_E4M3: Uint8Array,
  F8_E5M2: Uint8Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U64: BigUint64Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const satisfies Record<string, ArrayType>;

export function isDType(name: unknown): name is DType {
  return typeof name === 'string' && Object.hasOwn(dtypes, name);
}

/** The number of elements of `shape`, or undefined where it is not an array of sizes JavaScript can count. */
export function elementCount(shape: unknown): number | undefined {
  if (!Array.isArray(shape)) return undefined;
  let count = 1;
  let widest = 1; // a zero must not hide sizes beyond counting
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) return undefined;
    count *= size;
    widest *= size || 1;
  }
  return Number.isSafeInteger(widest) ? count : undefined;
}

/** The elements in `bytes` (little-endian), copied. */
export function typedArray(dtype: DType, bytes: Uint8Array): TensorData {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return new dtypes[dtype](copy.buffer);
}
