import { isIdentity } from './transpose.js';
import type { HostArray } from './value.js';
import type { View } from './view.js';

/** `source`, the elements of a view's value, in logical row-major order; a copy only where the physical order differs. */
export function toHostOrder(source: HostArray, { value, perm }: View): HostArray {
  const moved = perm.filter((p) => value.shape[p] !== 1);
  if (isIdentity(perm) || moved.every((p, i) => i === 0 || moved[i - 1] < p)) return source;
  return permuteHost(source, value.shape, perm);
}

/** Row-major elements of the array whose axis `i` is `source`'s axis `order[i]`. */
export function permuteHost(
  source: HostArray,
  shape: readonly number[],
  order: readonly number[],
): HostArray {
  const rank = shape.length;
  const strides = new Array<number>(rank).fill(1);
  for (let i = rank - 2; i >= 0; i--) strides[i] = strides[i + 1] * shape[i + 1];
  const outShape = order.map((p) => shape[p]);
  const step = order.map((p) => strides[p]);
  const out = new (source.constructor as new (n: number) => HostArray)(source.length);
  const index = new Array<number>(rank).fill(0);
  const inner = outShape[rank - 1];
  const innerStep = step[rank - 1];
  let from = 0;
  for (let to = 0; to < out.length; ) {
    for (let i = 0, at = from; i < inner; i++, at += innerStep) out[to++] = source[at];
    for (let axis = rank - 2; axis >= 0; axis--) {
      from += step[axis];
      if (++index[axis] < outShape[axis]) break;
      from -= step[axis] * outShape[axis];
      index[axis] = 0;
    }
  }
  return out;
}

export function permuteView(view: View, perm: readonly number[]): HostArray {
  const data = view.value.data!;
  const at = new Array<number>(perm.length);
  perm.forEach((p, axis) => {
    at[p] = view.perm[axis];
  });
  return isIdentity(at) || isZero(data) ? data : permuteHost(data, view.value.shape, at);
}

/** The zeros an optimizer starts with take no memory until somebody writes to them. */
function isZero({ buffer, byteOffset, byteLength }: HostArray): boolean {
  const inWords = byteOffset % 4 === 0 && byteLength % 4 === 0;
  const bits = inWords
    ? new Int32Array(buffer, byteOffset, byteLength / 4)
    : new Uint8Array(buffer, byteOffset, byteLength);
  for (let i = 0; i < bits.length; i++) if (bits[i] !== 0) return false;
  return true;
}
