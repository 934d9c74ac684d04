import { op, scalar, type Value } from '../graph/value.js';
import type { View } from '../graph/view.js';

/**
 * Throws where indices that already lie on the host are outside [0, bounds); `bounds` is per place in the last axis,
 * or one number. Indices still to be computed are checked by ONNX Runtime when it runs.
 */
export function assertInBounds(kernel: string, { value }: View, bounds: number | readonly number[]): void {
  const { data } = value;
  if (!data) return;
  const depth = typeof bounds === 'number' ? 1 : bounds.length;
  for (let i = 0; i < data.length; i++) {
    const bound = typeof bounds === 'number' ? bounds : bounds[i % depth];
    if (!(data[i] >= 0 && data[i] < bound)) {
      throw new Error(
        `Invalid indices in ${kernel}: the index value ${data[i]} is not in [0, ${bound - 1}].`,
      );
    }
  }
}

/** `index` where it is not negative, else one that makes ONNX Runtime refuse, as tfjs does. */
export function refuseNegative(index: Value, bound: number): Value {
  const negative = op('Less', [index, scalar(0, index.dtype)], 'bool', index.shape);
  return op('Where', [negative, scalar(bound, index.dtype), index], index.dtype, index.shape);
}
