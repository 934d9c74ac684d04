import { studentTQuantile } from './distributions.js';

/** A typical distance that good images are not held to exceed by any chance. */
const margin = 1.35;
/** Share of good images above the limit, as far as the logarithms of their distances are normal. */
const tail = 1e-3;

/**
 * The {@link typicalDistance} from which on an image is foreign: no picture of what the memory knows. A third above the
 * largest of the good images, or, where they differ so much that this may be chance, the value that the next one exceeds with a
 * probability of 1/1000: the upper prediction limit of their logarithms (Hahn and Meeker, Statistical Intervals, 1991,
 * section 4.3).
 *
 * @param distances of good images that the memory does not hold, at least 3
 * @throws if there are fewer, or one is not finite and positive
 */
export function foreignLimit(distances: ArrayLike<number>): number {
  const n = distances.length;
  if (n < 3) throw new Error(`foreignLimit: needs at least 3 good images, got ${n}`);
  const values = Float64Array.from(distances);
  const broken = values.findIndex((value) => !(value > 0 && value < Number.POSITIVE_INFINITY));
  if (broken >= 0) {
    throw new Error(`foreignLimit: needs finite distances > 0, got ${values[broken]} at index ${broken}`);
  }
  const logs = values.map(Math.log);
  const mean = logs.reduce((sum, x) => sum + x, 0) / n;
  const deviation = Math.sqrt(logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1));
  const predicted = mean + studentTQuantile(tail, { degrees: n - 1 }) * deviation * Math.sqrt(1 + 1 / n);
  return Math.max(margin * Math.max(...values), Math.exp(predicted));
}
