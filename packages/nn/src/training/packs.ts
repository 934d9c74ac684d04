import * as tf from '@tensorflow/tfjs';
import { loopPays } from 'tfjs-backend-ort';

/** Elements below which tensors are computed with together on a processor: a network has hundreds, and an op costs more than they do. */
const SMALL = 4096;
/** Elements that are computed with together at most: copies of them exist meanwhile. */
const MOST = 2 ** 22;

/**
 * Rows of tensors whose elements are to be computed with alike, in groups for `packed`. On a GPU, where every op has to be
 * started, the groups are large; on a processor rows of large tensors stay alone.
 *
 * @param sizeOf the elements of each of a row's tensors
 */
export function groups<T>(rows: readonly T[], sizeOf: (row: T) => number): T[][] {
  const packAll = loopPays();
  const alone = packAll ? [] : rows.filter((row) => sizeOf(row) >= SMALL);
  const made = alone.map((row) => [row]);
  let size = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    if (!packAll && sizeOf(row) >= SMALL) continue;
    if (size + sizeOf(row) > MOST) {
      made.push([]);
      size = 0;
    }
    made[made.length - 1].push(row);
    size += sizeOf(row);
  }
  return made;
}

/** The tensors' elements, one after another; a single tensor as it is. */
export function packed(tensors: readonly tf.Tensor[]): tf.Tensor {
  return tensors.length === 1 ? tensors[0] : tf.concat(tensors.map((t) => tf.reshape(t, [-1])));
}

/** The inverse of `packed`: tensors of these shapes. */
export function unpacked(pack: tf.Tensor, like: readonly tf.Tensor[]): tf.Tensor[] {
  if (like.length === 1) return [tf.reshape(pack, like[0].shape)];
  const parts = tf.split(
    pack,
    like.map(({ size }) => size),
  );
  return parts.map((part, i) => tf.reshape(part, like[i].shape));
}
