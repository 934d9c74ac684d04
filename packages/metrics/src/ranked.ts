import { type Keys, scoreOf, splitKeys, widen } from './keys.js';
import { sortKeys, sortPairs } from './sort-keys.js';

/** Scores of both classes, best first. */
export interface Ranked {
  /** Keys of the defects, ascending (highest score first). */
  positives: Keys;
  /** Keys of the normals, ascending; of the same kind as `positives`. */
  negatives: Keys;
  /** For each defect pixel the size of its region; absent for image scores. */
  sizes?: Uint32Array;
}

/** Scores of one defect value, of highest to lowest. All counts are of scores >= (or >) this one. */
export interface Step {
  key: number;
  /** Defects with exactly this score. */
  count: number;
  /** Defects with this or a higher score. */
  tp: number;
  /** Normals with a higher score. */
  fpAbove: number;
  /** Normals with this or a higher score. */
  fp: number;
  /** Sum of 1 / region size over the `count` defects; 0 without sizes. */
  overlap: number;
}

/** Validates labels and scores, splits them by label and sorts each part. */
export function rankScores(who: string, labels: ArrayLike<number>, scores: ArrayLike<number>): Ranked {
  checkPairs(who, labels, scores);
  const { positives, negatives } = splitKeys(scores, labels, (i) => {
    throw new Error(`${who}: scores must be finite, got ${scores[i]} at index ${i}`);
  });
  if (positives.length === 0 || negatives.length === 0) {
    throw new Error(`${who}: needs both classes, got ${positives.length} anomalous of ${labels.length}`);
  }
  return { positives: sortKeys([positives]), negatives: sortKeys([negatives]) };
}

/** Throws unless there are as many labels as scores, at least one, and every label is 0 or 1. */
export function checkPairs(who: string, labels: ArrayLike<number>, scores: ArrayLike<number>): void {
  if (labels.length !== scores.length) {
    throw new Error(
      `${who}: needs one label for each score, got ${labels.length} labels and ${scores.length} scores`,
    );
  }
  if (labels.length === 0) throw new Error(`${who}: needs at least one score, got none`);
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1) {
      throw new Error(`${who}: labels must be 0 or 1, got ${labels[i]} at index ${i}`);
    }
  }
}

/** Sorts chunks of keys of both classes; the defects carry the sizes of their regions. */
export function rankPixels(positives: Keys[], sizes: Uint32Array[], negatives: Keys[]): Ranked {
  const sorted = sortPairs(positives, sizes);
  const normal = sortKeys(negatives);
  const wide = sorted.keys instanceof Float64Array || normal instanceof Float64Array;
  return {
    positives: wide ? widen(sorted.keys) : sorted.keys,
    negatives: wide ? widen(normal) : normal,
    sizes: sorted.values,
  };
}

/**
 * Calls `visit` once for each distinct score of a defect, highest first. Between two of them only normals
 * occur, so these steps determine every metric here. The step object is reused.
 */
export function forEachStep(ranked: Ranked, visit: (step: Readonly<Step>) => void): void {
  const { positives, negatives, sizes } = ranked;
  const step: Step = { key: 0, count: 0, tp: 0, fpAbove: 0, fp: 0, overlap: 0 };
  let fp = 0;
  for (let start = 0; start < positives.length; ) {
    const key = positives[start];
    let end = start + 1;
    while (end < positives.length && positives[end] === key) end++;
    while (fp < negatives.length && negatives[fp] < key) fp++;
    step.fpAbove = fp;
    while (fp < negatives.length && negatives[fp] === key) fp++;
    step.key = key;
    step.count = end - start;
    step.tp = end;
    step.fp = fp;
    step.overlap = sizes ? overlapOf(sizes, start, end) : 0;
    visit(step);
    start = end;
  }
}

/** Sum of 1 / size, the same whatever the order of equal scores. */
function overlapOf(sizes: Uint32Array, start: number, end: number): number {
  if (end - start === 1) return 1 / sizes[start];
  let overlap = 0;
  for (const size of sizes.slice(start, end).sort()) overlap += 1 / size;
  return overlap;
}

/** Counts of defects and normals with score >= threshold, for each distinct score, highest first. */
export interface ThresholdCounts {
  thresholds: Float64Array;
  tp: Float64Array;
  fp: Float64Array;
  /** Sum of 1 / region size over the `tp` defects. */
  overlap: Float64Array;
}

/** Every distinct score with its counts. */
export function thresholdCounts(ranked: Ranked): ThresholdCounts {
  const { positives, negatives } = ranked;
  const distinct = countDistinct(positives, negatives);
  const counts = {
    thresholds: new Float64Array(distinct),
    tp: new Float64Array(distinct),
    fp: new Float64Array(distinct),
    overlap: new Float64Array(distinct),
  };
  let at = 0;
  let fp = 0;
  let tp = 0;
  let overlap = 0;
  const push = (key: number) => {
    counts.thresholds[at] = scoreOf(key, positives);
    counts.tp[at] = tp;
    counts.fp[at] = fp;
    counts.overlap[at++] = overlap;
  };
  const pushNormals = (until: number) => {
    while (fp < until) {
      const key = negatives[fp++];
      while (fp < until && negatives[fp] === key) fp++;
      push(key);
    }
  };
  forEachStep(ranked, (step) => {
    pushNormals(step.fpAbove);
    fp = step.fp;
    tp = step.tp;
    overlap += step.overlap;
    push(step.key);
  });
  pushNormals(negatives.length);
  return counts;
}

function countDistinct(a: Keys, b: Keys): number {
  let count = 0;
  for (let i = 0, j = 0; i < a.length || j < b.length; count++) {
    const key = j >= b.length || a[i] < b[j] ? a[i] : b[j];
    while (i < a.length && a[i] === key) i++;
    while (j < b.length && b[j] === key) j++;
  }
  return count;
}
