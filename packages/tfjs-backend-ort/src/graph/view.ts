import { isIdentity, reshapeValue, transposeValue } from './transpose.js';
import { sizeOf, type Value } from './value.js';

/**
 * A tensor as tfjs sees it: `value` holds the elements in some physical order of axes, and logical axis `i` is
 * physical axis `perm[i]`. Transposes cost nothing until an op needs a particular order, so activations stay
 * NCHW between convolutions although tfjs is NHWC.
 */
export interface View {
  readonly value: Value;
  readonly perm: readonly number[];
}

export const NHWC_IN_NCHW: readonly number[] = [0, 2, 3, 1];
export const HWIO_IN_OIHW: readonly number[] = [2, 3, 1, 0];

export function identity(rank: number): number[] {
  return Array.from({ length: rank }, (_, i) => i);
}

export function inverse(perm: readonly number[]): number[] {
  const out = new Array<number>(perm.length);
  perm.forEach((p, i) => {
    out[p] = i;
  });
  return out;
}

export function plain(value: Value): View {
  return { value, perm: identity(value.shape.length) };
}

export function shapeOf({ value, perm }: View): number[] {
  return perm.map((p) => value.shape[p]);
}

/** The value with logical axis `i` at physical axis `perm[i]`. */
export function inLayout(view: View, perm: readonly number[]): Value {
  const logicalAt = inverse(perm);
  return transposeValue(
    view.value,
    logicalAt.map((axis) => view.perm[axis]),
  );
}

/** The value in logical (row-major) order. */
export function materialize(view: View): Value {
  return inLayout(view, identity(view.perm.length));
}

export function transposeView(view: View, axes: readonly number[]): View {
  return { value: view.value, perm: axes.map((axis) => view.perm[axis]) };
}

/** The view with leading axes of length one, so that its rank is `rank`. */
export function expandRank(view: View, rank: number): View {
  const extra = rank - view.perm.length;
  if (extra === 0) return view;
  const ones = new Array<number>(extra).fill(1);
  return {
    value: reshapeValue(view.value, [...ones, ...view.value.shape]),
    perm: [...identity(extra), ...view.perm.map((p) => p + extra)],
  };
}

/**
 * Reshape that keeps the physical order where it can: groups of logical axes whose product equals that of a
 * group of new axes keep their place, if they lie side by side in memory.
 */
export function reshapeView(view: View, shape: readonly number[]): View {
  return reshapeInPlace(view, shape) ?? plain(reshapeValue(materialize(view), shape));
}

function reshapeInPlace(view: View, shape: readonly number[]): View | null {
  if (isIdentity(view.perm) || sizeOf(shape) === 0) return null;
  const groups = matchAxes(shapeOf(view), shape);
  const placed: { position: number; to: number[] }[] = [];
  for (const { from, to } of groups) {
    const physical = from
      .filter((axis) => view.value.shape[view.perm[axis]] !== 1)
      .map((axis) => view.perm[axis]);
    for (let i = 1; i < physical.length; i++) {
      for (let p = physical[i - 1] + 1; p < physical[i]; p++) if (view.value.shape[p] !== 1) return null;
      if (physical[i] < physical[i - 1]) return null;
    }
    placed.push({ position: physical[0] ?? view.value.shape.length, to });
  }
  placed.sort((a, b) => a.position - b.position);
  const perm = new Array<number>(shape.length);
  const physicalShape: number[] = [];
  for (const { to } of placed) {
    for (const axis of to) {
      perm[axis] = physicalShape.length;
      physicalShape.push(shape[axis]);
    }
  }
  return { value: reshapeValue(view.value, physicalShape), perm };
}

/** Splits two shapes of equal, non-zero size into the shortest runs of axes with equal products. */
function matchAxes(a: readonly number[], b: readonly number[]): { from: number[]; to: number[] }[] {
  const groups: { from: number[]; to: number[] }[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const from = [i];
    const to = [j];
    let left = a[i++];
    let right = b[j++];
    while (left !== right) {
      if (left < right) {
        left *= a[i];
        from.push(i++);
      } else {
        right *= b[j];
        to.push(j++);
      }
    }
    groups.push({ from, to });
  }
  const last = groups.at(-1) ?? { from: [], to: [] };
  if (groups.length === 0) groups.push(last);
  while (i < a.length) last.from.push(i++);
  while (j < b.length) last.to.push(j++);
  return groups;
}

/** The layout in which an op over several equally ranked views moves the fewest elements. */
export function commonLayout(views: readonly View[]): readonly number[] {
  let best = views[0];
  for (const view of views) {
    const gain = view.value.size - best.value.size;
    if (gain > 0 || (gain === 0 && isIdentity(best.perm) && !isIdentity(view.perm))) best = view;
  }
  return best.perm;
}
