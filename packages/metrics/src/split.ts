import { checkPairs, show } from './check-pairs.js';
import { type Keys, splitKeys } from './keys.js';

/** Scores of both classes, unsorted, in chunks. */
export interface Split {
  positives: Keys[];
  negatives: Keys[];
  /** For each chunk of defect pixels the sizes of their regions; absent for image scores. */
  sizes?: Uint32Array[];
}

/** Validates labels and scores and splits the scores by label. */
export function splitPairs(who: string, labels: ArrayLike<number>, scores: ArrayLike<number>): Split {
  checkPairs(who, labels, scores);
  const { positives, negatives } = splitKeys(scores, labels, (i) => {
    throw new Error(`${who}: scores must be finite, got ${show(scores[i])} at index ${i}`);
  });
  if (positives.length === 0 || negatives.length === 0) {
    throw new Error(`${who}: needs both classes, got ${positives.length} anomalous of ${labels.length}`);
  }
  return { positives: [positives], negatives: [negatives] };
}

/** Sum of 1 / size over a range, the same whatever the order of equal scores. */
export function overlapOf(sizes: Uint32Array, start: number, end: number): number {
  if (end - start === 1) return 1 / sizes[start];
  let overlap = 0;
  for (const size of sizes.slice(start, end).sort()) overlap += 1 / size;
  return overlap;
}
