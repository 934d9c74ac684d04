import type { Attribute } from '../onnx/model.js';
import type { Op } from './value.js';

/**
 * The ops for a GPU, to which all transpositions are alike: the moves of one axis that `transposeValue` writes as Einsum for the
 * sake of a processor become Transpose nodes, which ONNX Runtime joins where they follow each other.
 */
export function plainTransposes(ops: readonly Op[]): readonly Op[] {
  return ops.map((each) => {
    const perm = each.type === 'Einsum' && each.inputs.length === 1 ? moved(each.attributes.equation) : null;
    return perm ? { ...each, type: 'Transpose', attributes: { perm } } : each;
  });
}

/** The axis that each axis of the result was; null where the equation does more than move axes. */
function moved(equation: Attribute): number[] | null {
  const [from, to] = String(equation).split('->');
  const letters = [...(to ?? '')];
  const moves = new Set(letters).size === from.length && letters.length === from.length;
  const perm = letters.map((letter) => from.indexOf(letter));
  return moves && perm.every((axis) => axis >= 0) ? perm : null;
}
