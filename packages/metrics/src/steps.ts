import { type Keys, widen } from './keys.js';
import { sortKeys, sortPairs } from './sort-keys.js';
import { overlapOf, type Split } from './split.js';

type Counts = Uint32Array | Float64Array;

/**
 * Consecutive distinct scores of defects, highest first, with the normals counted between them. Between two of them
 * only normals occur, so the steps of a set determine every metric here.
 */
export interface Steps {
  /** Number of defects in the set. */
  positives: number;
  /** Number of normals in the set. */
  negatives: number;
  /** The distinct keys of the defects, ascending (highest score first). */
  keys: Keys;
  /** Defects with this or a higher score. */
  tp: Counts;
  /** Normals with a higher score. */
  fpAbove: Counts;
  /** Normals with this or a higher score. */
  fp: Counts;
  /** Sum of 1 / region size over the defects with exactly this score; zeros without sizes. */
  overlap: Float64Array;
}

/** A metric that is fed with all steps of a set, in one or more parts, highest scores first. */
export interface Fold<T> {
  add(steps: Steps): void;
  result(): T;
}

/** A metric of steps that are all there. */
export function foldOf<T>(fold: Fold<T>, steps: Steps): T {
  fold.add(steps);
  return fold.result();
}

/** All steps of a set: sorts both classes and walks through them side by side. */
export function stepsOf({ positives, negatives, sizes }: Split): Steps {
  const sorted = sizes ? sortPairs(positives, sizes) : { keys: sortKeys(positives), values: undefined };
  const sortedNormals = sortKeys(negatives);
  const wide = sorted.keys instanceof Float64Array || sortedNormals instanceof Float64Array;
  const all = wide ? widen(sorted.keys) : sorted.keys;
  const normals = wide ? widen(sortedNormals) : sortedNormals;
  const groups = groupsOf(all, sorted.values);
  return {
    positives: all.length,
    negatives: normals.length,
    ...groups,
    ...countNormals(normals, groups.keys),
  };
}

/** The distinct keys of ascending ones, how many come up to each, and the overlap at each. */
export function groupsOf(all: Keys, sizes: Uint32Array | undefined) {
  const tp = groupEnds(all);
  const keys: Keys = all.slice(0, tp.length);
  for (let i = 0; i < keys.length; i++) keys[i] = all[tp[i] - 1];
  const overlap = new Float64Array(keys.length);
  if (sizes) {
    for (let i = 0; i < keys.length; i++) overlap[i] = overlapOf(sizes, i === 0 ? 0 : tp[i - 1], tp[i]);
  }
  return { keys, tp, overlap };
}

/** Walks through both ascending arrays. */
function countNormals(normals: Keys, keys: Keys): { fpAbove: Uint32Array; fp: Uint32Array } {
  const fpAbove = new Uint32Array(keys.length);
  const fp = new Uint32Array(keys.length);
  for (let i = 0, j = 0; i < keys.length; i++) {
    const key = keys[i];
    while (j < normals.length && normals[j] < key) j++;
    fpAbove[i] = j;
    while (j < normals.length && normals[j] === key) j++;
    fp[i] = j;
  }
  return { fpAbove, fp };
}

/** For each run of equal keys the index after its last. */
function groupEnds(keys: Keys): Uint32Array {
  const ends = new Uint32Array(keys.length);
  let groups = 0;
  for (let i = 1; i <= keys.length; i++) if (i === keys.length || keys[i] !== keys[i - 1]) ends[groups++] = i;
  return ends.slice(0, groups);
}
