import type * as tf from '@tensorflow/tfjs';
import { reshapeValue } from '../graph/transpose.js';
import { sizeOf, type Value } from '../graph/value.js';
import { align } from './align.js';
import { type KernelBackend, physicalShape } from './kernel.js';

/** An elementwise op over broadcast inputs. */
export function elementwise(
  b: KernelBackend,
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
