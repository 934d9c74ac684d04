import { int64, op, type Value } from './value.js';

/** The value whose axis `p` is `value`'s axis `order[p]`. */
export function transposeValue(value: Value, order: readonly number[]): Value {
  if (isIdentity(order)) return value;
  const key = order.join();
  value.transposed ??= new Map();
  const known = value.transposed.get(key);
  if (known) return known;
  const out = transpose(value, order);
  value.transposed.set(key, out);
  return out;
}

export function reshapeValue(value: Value, shape: readonly number[]): Value {
  if (sameShape(value.shape, shape)) return value;
  const before = value.op?.type === 'Reshape' ? value.op.inputs[0] : null;
  if (before && sameShape(before.shape, shape)) return before;
  return op('Reshape', [value, int64(shape)], value.dtype, shape, { attributes: { allowzero: 1 } });
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}

export function isIdentity(order: readonly number[]): boolean {
  return order.every((p, i) => p === i);
}

/**
 * ONNX Runtime transposes fast where a single axis moves past others and about twenty times slower otherwise.
 * So axes that stay side by side are merged, and what is left becomes up to two moves of one axis. They are
 * written as Einsum: ONNX Runtime's optimizer would fuse Transpose nodes back into the slow one.
 */
function transpose(value: Value, order: readonly number[]): Value {
  const shape = order.map((p) => value.shape[p]);
  const groups = mergedAxes(value.shape, order);
  if (groups.length <= 1) return reshapeValue(value, shape);
  if (movesOneAxis(order) || value.size < SMALL || value.dtype === 'bool') return node(value, order);
  const inOrder = groups.map((_, i) => i).sort((a, b) => groups[a][0] - groups[b][0]);
  const merged = reshapeValue(
    value,
    inOrder.map((g) => groups[g].reduce((size, p) => size * value.shape[p], 1)),
  );
  const rank = groups.length;
  const target = Array.from({ length: rank }, (_, i) => inOrder.indexOf(i));
  if (isIdentity(target)) return reshapeValue(value, shape);
  const moves = movesOneAxis(target) ? [target] : twoMoves(target);
  if (!moves) return node(value, order);
  return reshapeValue(moves.reduce(move, merged), shape);
}

/** Elements below which one node is cheaper than several. */
const SMALL = 4096;

function move(value: Value, order: readonly number[]): Value {
  const shape = order.map((p) => value.shape[p]);
  const letters = order.map((_, i) => String.fromCharCode(97 + i));
  const equation = `${letters.join('')}->${order.map((p) => letters[p]).join('')}`;
  return op('Einsum', [value], value.dtype, shape, { attributes: { equation } });
}

function node(value: Value, order: readonly number[]): Value {
  const shape = order.map((p) => value.shape[p]);
  return op('Transpose', [value], value.dtype, shape, { attributes: { perm: [...order] } });
}

/** The source axes of each run of result axes that keeps its order; axes of length 1 are left out. */
function mergedAxes(shape: readonly number[], order: readonly number[]): number[][] {
  const kept = shape.map((_, axis) => axis).filter((axis) => shape[axis] !== 1);
  const groups: number[][] = [];
  let previous = -2;
  for (const axis of order) {
    if (shape[axis] === 1) continue;
    const at = kept.indexOf(axis);
    if (at === previous + 1 && groups.length > 0) groups[groups.length - 1].push(axis);
    else groups.push([axis]);
    previous = at;
  }
  return groups;
}

function movesOneAxis(order: readonly number[]): boolean {
  return order.some((_, at) => {
    const rest = order.filter((_, i) => i !== at);
    return rest.every((p, i) => i === 0 || rest[i - 1] < p);
  });
}

/** Two moves of one axis each that together give `order`, if there are. */
function twoMoves(order: readonly number[]): [number[], number[]] | null {
  for (let from = 0; from < order.length; from++) {
    for (let to = 0; to < order.length; to++) {
      if (from === to) continue;
      const first = order.map((_, i) => i);
      first.splice(to, 0, ...first.splice(from, 1));
      const second = order.map((p) => first.indexOf(p));
      if (movesOneAxis(second)) return [first, second];
    }
  }
  return null;
}
