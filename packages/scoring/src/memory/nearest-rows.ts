import * as tf from '@tensorflow/tfjs';

/** Products held at once, in elements: 16 MiB. */
const TILE = 2 ** 22;
/** Targets of a tile, at most. */
const TARGETS = 2048;

/**
 * For each query the row of `targets` that is nearest, by `|q - t|^2 = |q|^2 - (2 q t - |t|^2)`: one matrix product per
 * tile of queries and targets, whose rows are reduced before the next, so that memory does not grow with either.
 *
 * @param queries `[n, k + 1]` of {@link asQueries}
 * @param targets `[m, k + 1]` of {@link asTargets}
 * @returns `product` `[n]`, the largest `2 q t - |t|^2`, and `index` `[n]` of its row
 */
export function nearestRows(
  queries: tf.Tensor2D,
  targets: tf.Tensor2D,
): { product: tf.Tensor1D; index: tf.Tensor1D } {
  return tf.tidy(() => {
    const parts = tiles(queries.shape[0], queryTile(targets)).map(([from, count]) => {
      const part = tf.slice(queries, [from, 0], [count, -1]);
      let best: { product: tf.Tensor1D; index: tf.Tensor1D } | undefined;
      for (const [at, size] of tiles(targets.shape[0], TARGETS)) {
        const found = tf.tidy(() => {
          const products = tf.matMul(part, tf.slice(targets, [at, 0], [size, -1]), false, true);
          const { values, indices } = tf.topk(products, 1);
          const product = tf.reshape(values, [count]) as tf.Tensor1D;
          const index = tf.add(tf.reshape(indices, [count]), tf.scalar(at, 'int32')) as tf.Tensor1D;
          if (!best) return { product, index };
          const isNearer = tf.greater(product, best.product);
          return {
            product: tf.where(isNearer, product, best.product),
            index: tf.where(isNearer, index, best.index),
          };
        });
        tf.dispose(best);
        best = found;
      }
      return best!;
    });
    if (parts.length === 1) return parts[0];
    return {
      product: tf.concat(parts.map(({ product }) => product)),
      index: tf.concat(parts.map(({ index }) => index)),
    };
  });
}

function queryTile(targets: tf.Tensor2D): number {
  return Math.max(1, Math.floor(TILE / Math.min(TARGETS, targets.shape[0])));
}

/** `[start, count]` of the tiles of `size` elements that `total` elements are cut into. */
function tiles(total: number, size: number): [number, number][] {
  return Array.from({ length: Math.ceil(total / size) }, (_, i) => [
    i * size,
    Math.min(size, total - i * size),
  ]);
}
