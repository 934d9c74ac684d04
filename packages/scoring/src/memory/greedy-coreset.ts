import * as tf from '@tensorflow/tfjs';
import { type Block, farthestRows } from './farthest-rows.js';
import { nearestRows } from './nearest-rows.js';
import { asQueries, asTargets, squaredNorms } from './product-rows.js';

export interface GreedyCoresetOptions {
  /** Rows to choose at most. */
  count: number;
  /** Stops as soon as no row is farther than this from a chosen one. @default 0 */
  radius?: number;
  /** Rows that count as chosen already, `[m, k]`. */
  centres?: tf.Tensor2D;
  /** Row to begin with where there are no `centres`. @default 0 */
  first?: number;
}

export interface GreedyCoreset {
  /** Rows in the order they were chosen. */
  chosen: Int32Array;
  /** The largest distance of a row to the nearest chosen one. */
  radius: number;
}

/** Of the largest squared norm: what rounding in float32 may leave of the distance of equal rows. */
const ROUNDING = 1e-6;

/**
 * Greedy k-centre (Gonzalez 1985; in PatchCore as in Sener & Savarese 2018): always takes the row farthest from those
 * chosen. All rows are then within at most twice the smallest radius that so many rows can have.
 *
 * The choice is that of one row after the other, but many are made in one pass over the rows: distances to chosen rows
 * only shrink, so among the {@link BLOCK} farthest rows one is the farthest of all as long as it stays above the last of
 * them. A pass is a few matrix products.
 *
 * @param rows `[n, k]`, around their mean for the sake of rounding
 */
export async function greedyCoreset(
  rows: tf.Tensor2D,
  { count, radius = 0, centres, first = 0 }: GreedyCoresetOptions,
): Promise<GreedyCoreset> {
  const chosen: number[] = [];
  const queries = asQueries(rows);
  const norms = squaredNorms(queries);
  /** Squared distance of each row to the nearest chosen one. */
  let nearest: tf.Tensor1D | undefined;
  try {
    const smallest = Math.max(radius ** 2, ROUNDING * (await largestOf(norms)));
    const approach = (centres: () => tf.Tensor2D) => {
      const distance = tf.tidy(() => {
        const { product } = nearestRows(queries, asTargets(centres()));
        const distance = tf.sub(norms, product) as tf.Tensor1D;
        return nearest ? (tf.minimum(nearest, distance) as tf.Tensor1D) : distance;
      });
      nearest?.dispose();
      nearest = distance;
    };
    if (centres) approach(() => centres);
    else {
      if (count > 0) chosen.push(first);
      approach(() => tf.slice(rows, [first, 0], [1, -1]));
    }
    for (;;) {
      const block = await farthestRows(rows, nearest!);
      const most = count - chosen.length;
      if (most <= 0 || block.distances[0] <= smallest) {
        return { chosen: Int32Array.from(chosen), radius: Math.sqrt(Math.max(0, block.distances[0])) };
      }
      const taken = take(block, { most, smallest });
      chosen.push(...taken);
      // Repeats fill up to a power of two, so that few graphs serve all passes.
      const filled = [...taken];
      while (filled.length & (filled.length - 1)) filled.push(taken[0]);
      approach(() => tf.gather(rows, tf.tensor1d(filled, 'int32')));
    }
  } finally {
    tf.dispose([queries, norms, ...(nearest ? [nearest] : [])]);
  }
}

/** The next rows of the greedy order that can be told from a block alone; at least one. */
function take(
  { distances, indices, pairwise, isComplete }: Block,
  { most, smallest }: { most: number; smallest: number },
): number[] {
  const size = indices.length;
  const outside = isComplete ? smallest : Math.max(smallest, distances[size - 1]);
  const remaining = distances.slice();
  const taken: number[] = [];
  while (taken.length < most) {
    let farthest = 0;
    for (let i = 1; i < size; i++) if (remaining[i] > remaining[farthest]) farthest = i;
    if (taken.length > 0 && remaining[farthest] <= outside) break;
    taken.push(indices[farthest]);
    const row = pairwise.subarray(farthest * size, (farthest + 1) * size);
    for (let i = 0; i < size; i++) if (row[i] < remaining[i]) remaining[i] = row[i];
    remaining[farthest] = 0;
  }
  return taken;
}

async function largestOf(values: tf.Tensor1D): Promise<number> {
  const largest = tf.max(values);
  const [value] = await largest.data();
  largest.dispose();
  return value;
}
