import { op, scalar } from '../graph/value.js';
import { shapeOf, type View } from '../graph/view.js';
import { align } from './align.js';
import { type Kernels, physicalShape } from './kernel.js';

const F32 = 'float32';

export const normalizationKernels: Kernels = {
  FusedBatchNorm: (b, { x, mean, variance, offset, scale }, { varianceEpsilon }) => {
    const shape = x.shape;
    const combine = (type: string, left: View, right: View): View => {
      const { values, perm } = align([left, right], shape);
      return { value: op(type, values, F32, physicalShape(shape, perm)), perm };
    };
    const v = b.view(variance);
    const small = v.value.shape;
    const deviation = op('Sqrt', [op('Add', [v.value, scalar(varianceEpsilon)], F32, small)], F32, small);
    let inverse: View = { value: op('Reciprocal', [deviation], F32, small), perm: v.perm };
    if (scale) {
      const { values, perm } = align([inverse, b.view(scale)], shapeOf(inverse));
      inverse = { value: op('Mul', values, F32, physicalShape(shapeOf(inverse), perm)), perm };
    }
    const normalized = combine('Mul', combine('Sub', b.view(x), b.view(mean)), inverse);
    return b.output(offset ? combine('Add', normalized, b.view(offset)) : normalized, F32);
  },
};
