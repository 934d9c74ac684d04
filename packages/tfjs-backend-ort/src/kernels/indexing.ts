import * as tf from '@tensorflow/tfjs';
import { int64, op, scalar } from '../graph/value.js';
import { inLayout, materialize, plain, reshapeView } from '../graph/view.js';
import { cast, graphType, type Kernels } from './kernel.js';

const { backend_util, util } = tf;

export const indexingKernels: Kernels = {
  GatherV2: (b, { x, indices }, { axis, batchDims }) => {
    if (batchDims) return null;
    const [at] = util.parseAxisParam(axis, x.shape);
    const info = backend_util.segment_util.collectGatherOpShapeInfo(
      x as tf.Tensor,
      indices as tf.Tensor,
      at,
      0,
    );
    const shape = [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)];
    const index = cast(materialize(b.view(indices)), 'int32');
    const value = op('Gather', [materialize(b.view(x)), index], graphType(x.dtype, 'GatherV2'), shape, {
      attributes: { axis: at },
    });
    return b.output(reshapeView(plain(value), info.outputShape), x.dtype);
  },
  GatherNd: (b, { params, indices }) => {
    const depth = indices.shape[indices.shape.length - 1];
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
    const index = cast(materialize(b.view(indices)), 'int64');
    const value = op(
      'GatherND',
      [materialize(b.view(params)), index],
      graphType(params.dtype, 'GatherNd'),
      shape,
    );
    return b.output(plain(value), params.dtype);
  },
  OneHot: (b, { indices }, { dtype, depth, onValue, offValue }) => {
    const type = graphType(dtype, 'OneHot');
    const shape = [...indices.shape, depth];
    const range = int64(Array.from({ length: depth }, (_, i) => i));
    const index = cast(
      reshapeView(plain(materialize(b.view(indices))), [...indices.shape, 1]).value,
      'int64',
    );
    const hit = op('Equal', [index, range], 'bool', shape);
    return b.output(
      plain(op('Where', [hit, scalar(onValue, type), scalar(offValue, type)], type, shape)),
      dtype,
    );
  },
  DepthToSpace: (b, { x }, { blockSize, dataFormat }) => {
    const nhwc = dataFormat === 'NHWC';
    const layout = nhwc ? [0, 2, 3, 1] : [0, 1, 2, 3];
    const input = inLayout(b.view(x), layout);
    const [n, c, h, w] = input.shape;
    const shape = [n, c / blockSize ** 2, h * blockSize, w * blockSize];
    const value = op('DepthToSpace', [input], graphType(x.dtype, 'DepthToSpace'), shape, {
      attributes: { blocksize: blockSize, mode: 'DCR' },
    });
    return b.output({ value, perm: layout }, x.dtype);
  },
};
