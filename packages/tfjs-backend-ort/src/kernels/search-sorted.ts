import { op, scalar, type Value } from '../graph/value.js';
import { identity, materialize } from '../graph/view.js';
import { cast, type Kernel, type Kernels } from './kernel.js';

/** Binary search of each value in its row, unrolled: every step halves [low, high). */
const searchSorted: Kernel = (b, { sortedSequence, values }, { side }) => {
  const shape = values.shape;
  const [, length] = sortedSequence.shape;
  const sequence = cast(materialize(b.view(sortedSequence)), 'float32');
  const wanted = cast(materialize(b.view(values)), 'float32');
  const int = (type: string, inputs: Value[]) => op(type, inputs, 'int32', shape);
  const test = (type: string, inputs: Value[]) => op(type, inputs, 'bool', shape);
  const zero = op('Mul', [cast(wanted, 'int32'), scalar(0, 'int32')], 'int32', shape);
  let low = zero;
  let high = int('Add', [zero, scalar(length, 'int32')]);
  for (let width = length; width > 0; width = Math.floor(width / 2)) {
    const middle = int('Div', [int('Add', [low, high]), scalar(2, 'int32')]);
    const inside = cast(int('Min', [middle, scalar(length - 1, 'int32')]), 'int64');
    const found = op('GatherElements', [sequence, inside], 'float32', shape, { attributes: { axis: 1 } });
    const before = test(side === 'left' ? 'Less' : 'LessOrEqual', [found, wanted]);
    const right = test('And', [before, test('Less', [low, high])]);
    low = int('Where', [right, int('Add', [middle, scalar(1, 'int32')]), low]);
    high = int('Where', [right, high, middle]);
  }
  return b.output({ value: high, perm: identity(2) }, 'int32');
};

export const searchKernels: Kernels = { SearchSorted: searchSorted };
