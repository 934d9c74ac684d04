import { type Keys, scoreOf, widen } from './keys.js';
import { sortKeys, sortPairs } from './sort-keys.js';
import { overlapOf, type Split } from './split.js';

/** Counts of defects and normals with score >= threshold, for each distinct score, highest first. */
export interface ThresholdCounts {
  thresholds: Float64Array;
  tp: Float64Array;
  fp: Float64Array;
  /** Sum of 1 / region size over the `tp` defects; zeros without sizes. */
  overlap: Float64Array;
}

/** Every distinct score with its counts. */
export function thresholdCounts({ positives, negatives, sizes }: Split): ThresholdCounts {
  const sorted = sizes ? sortPairs(positives, sizes) : { keys: sortKeys(positives), values: undefined };
  const normals = sortKeys(negatives);
  const wide = sorted.keys instanceof Float64Array || normals instanceof Float64Array;
  const a = wide ? widen(sorted.keys) : sorted.keys;
  const b = wide ? widen(normals) : normals;
  const points = countDistinct(a, b);
  const counts = {
    thresholds: new Float64Array(points),
    tp: new Float64Array(points),
    fp: new Float64Array(points),
    overlap: new Float64Array(points),
  };
  let overlap = 0;
  for (let i = 0, j = 0, point = 0; point < points; point++) {
    const key = j >= b.length || a[i] < b[j] ? a[i] : b[j];
    const start = i;
    while (i < a.length && a[i] === key) i++;
    while (j < b.length && b[j] === key) j++;
    if (sorted.values && i > start) overlap += overlapOf(sorted.values, start, i);
    counts.thresholds[point] = scoreOf(key, a);
    counts.tp[point] = i;
    counts.fp[point] = j;
    counts.overlap[point] = overlap;
  }
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
