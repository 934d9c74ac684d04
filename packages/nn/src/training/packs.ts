import * as tf from '@tensorflow/tfjs';
import { loopPays } from 'tfjs-backend-ort';

/** Elements from which a tensor stays alone on a processor: a network has hundreds of smaller ones, and an op costs more than they do. */
const LARGE = 4096;
/** Elements that are computed with together at most: copies of them exist meanwhile. */
const MOST = 2 ** 22;

/**
 * Rows of tensors whose elements are to be computed with alike, as packs whose tensors go through `packed`. On a GPU, where
 * every op has to be started, packs are as large as they may be; on a processor rows of large tensors stay alone.
 *
 * @param sizeOf the elements of each of a row's tensors
 */
export function inPacks<T>(
  rows: readonly T[],
  sizeOf: (row: T) => number,
  { large = loopPays() ? Number.POSITIVE_INFINITY : LARGE, most = MOST } = {},
): T[][] {
  const packs = rows.filter((row) => sizeOf(row) >= large).map((row) => [row]);
  let room = 0;
  for (const row of rows) {
    const size = sizeOf(row);
    if (size >= large) continue;
    if (size > room) {
      packs.push([]);
      room = most;
    }
    packs[packs.length - 1].push(row);
    room -= size;
  }
  return packs;
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
