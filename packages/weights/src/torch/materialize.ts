import { dtypes, elementCount, type StateTensor, type TensorData, typedArray } from '../state-dict.js';
import { maxUnfolded, refuse } from './limits.js';
import type { TensorView } from './objects.js';
import { elementSize } from './storage.js';

/**
 * Copies views out of their storages, row-major. Equal views of one storage (tied weights) share one array.
 *
 * @param fileBytes Size of the file, which bounds what views may unfold to.
 */
export function materializer(fileBytes: number): (name: string, view: TensorView) => StateTensor {
  const shared = new Map<string, TensorData>();
  const budget = maxUnfolded(fileBytes);
  let unfolded = 0;

  return (name, view) => {
    const { dtype, storage, shape } = view;
    const count = checkedCount(name, view);
    const identity = [storage.viewOffset, view.offset, dtype, shape, view.strides, storage.key].join('|');
    let data = shared.get(identity);
    if (!data) {
      unfolded += count * dtypes[dtype].BYTES_PER_ELEMENT;
      if (unfolded > budget) {
        throw refuse(`the tensors up to "${name}" unfold to ${unfolded} bytes from a file of ${fileBytes}`);
      }
      data = copy(view, count);
      shared.set(identity, data);
    }
    return { dtype, shape: [...shape], data };
  };
}

function checkedCount(name: string, { dtype, storage, offset, shape, strides }: TensorView): number {
  const count = elementCount(shape);
  if (count === undefined || strides.length !== shape.length) {
    throw refuse(`"${name}" has the impossible shape [${shape}] with strides [${strides}]`);
  }
  const width = dtypes[dtype].BYTES_PER_ELEMENT;
  const last = offset + shape.reduce((sum, size, i) => sum + (size - 1) * strides[i], 0);
  const available = (storage.bytes!.length - storage.viewOffset * elementSize(storage)) / width;
  if (count > 0 && last >= available) {
    throw refuse(`"${name}" reaches element ${last} of a storage of ${available}; is the file damaged?`);
  }
  return count;
}

function copy({ dtype, storage, offset, shape, strides }: TensorView, count: number): TensorData {
  const width = dtypes[dtype].BYTES_PER_ELEMENT;
  if (count === 0) return new dtypes[dtype](0);
  const begin = storage.viewOffset * elementSize(storage) + offset * width;
  const bytes = storage.bytes!;
  if (isContiguous(shape, strides)) return typedArray(dtype, bytes.subarray(begin, begin + count * width));

  const out = new Uint8Array(count * width);
  const index = new Array<number>(shape.length).fill(0);
  let source = 0;
  for (let element = 0; element < count; element++) {
    const at = begin + source * width;
    for (let b = 0; b < width; b++) out[element * width + b] = bytes[at + b];
    for (let d = shape.length - 1; d >= 0; d--) {
      source += strides[d];
      if (++index[d] < shape[d]) break;
      source -= shape[d] * strides[d];
      index[d] = 0;
    }
  }
  return typedArray(dtype, out);
}

function isContiguous(shape: number[], strides: number[]): boolean {
  let expected = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    if (shape[d] !== 1 && strides[d] !== expected) return false;
    expected *= shape[d];
  }
  return true;
}
