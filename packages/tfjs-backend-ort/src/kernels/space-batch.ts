import * as tf from '@tensorflow/tfjs';
import { reshapeView, shapeOf, transposeView } from '../graph/view.js';
import type { Kernels } from './kernel.js';
import { padView, sliceView } from './shape.js';

const { backend_util } = tf;

export const spaceBatchKernels: Kernels = {
  BatchToSpaceND: (b, { x }, { blockShape, crops }) => {
    const product = blockShape.reduce((a: number, c: number) => a * c, 1);
    const split = reshapeView(b.view(x), backend_util.getReshaped(x.shape, blockShape, product));
    const moved = transposeView(split, backend_util.getPermuted(split.perm.length, blockShape.length));
    const whole = reshapeView(moved, backend_util.getReshapedPermuted(x.shape, blockShape, product));
    const shape = shapeOf(whole);
    const begin = shape.map((_, axis) => crops[axis - 1]?.[0] ?? 0);
    const size = shape.map((d, axis) => d - begin[axis] - (crops[axis - 1]?.[1] ?? 0));
    return b.output(sliceView(whole, begin, size), x.dtype);
  },
  SpaceToBatchND: (b, { x }, { blockShape, paddings }) => {
    const product = blockShape.reduce((a: number, c: number) => a * c, 1);
    const complete: [number, number][] = [[0, 0], ...paddings];
    while (complete.length < x.shape.length) complete.push([0, 0]);
    const wide = padView(b.view(x), complete, 'constant', 0);
    const shape = x.shape.map((d, i) => d + complete[i][0] + complete[i][1]);
    const split = reshapeView(wide, backend_util.getReshaped(shape, blockShape, product, false));
    const moved = transposeView(split, backend_util.getPermuted(split.perm.length, blockShape.length, false));
    return b.output(
      reshapeView(moved, backend_util.getReshapedPermuted(shape, blockShape, product, false)),
      x.dtype,
    );
  },
};
