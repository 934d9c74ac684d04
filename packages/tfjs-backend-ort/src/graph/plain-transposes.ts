import type { Op } from './value.js';

/**
 * The ops for a GPU, to which all transpositions are alike: the moves of one axis that `transposeValue` writes as Einsum for the
 * sake of a processor become Transpose nodes, which ONNX Runtime joins where they follow each other.
 */
export function plainTransposes(ops: readonly Op[]): readonly Op[] {
  return ops.map((each) => {
    const { equation } = each.attributes;
    if (each.type !== 'Einsum' || each.inputs.length !== 1 || typeof equation !== 'string') return each;
    const [from, to] = equation.split('->');
    return {
      ...each,
      type: 'Transpose',
      attributes: { perm: [...to].map((letter) => from.indexOf(letter)) },
    };
  });
}
