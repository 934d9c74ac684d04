import * as tf from '@tensorflow/tfjs';
import { reshapeValue } from '../graph/transpose.js';
import { int64, op, scalar } from '../graph/value.js';
import { inLayout, materialize, plain, reshapeView, transposeView, type View } from '../graph/view.js';
import { assertInBounds } from './indices.js';
import { cast, graphType, type Kernels, where } from './kernel.js';

const { backend_util, util } = tf;

type GatherInfo = ReturnType<typeof backend_util.segment_util.collectGatherOpShapeInfo>;

/** x [batch, outer, dim, slice] at indices [batch, count]: [batch, outer, count, slice]. */
function gatherPerBatch(x: View, indices: View, info: GatherInfo): View {
  const { batchSize, outerSize, dimSize, sliceSize, outputShape } = info;
  const rows = transposeView(reshapeView(x, [batchSize, outerSize, dimSize, sliceSize]), [0, 2, 1, 3]);
  const index = cast(materialize(indices), 'int64');
  const count = index.size / batchSize;
  const value = op(
    'GatherND',
    [materialize(rows), reshapeValue(index, [batchSize, count, 1])],
    x.value.dtype,
    [batchSize, count, outerSize, sliceSize],
    { attributes: { batch_dims: 1 } },
  );
  return reshapeView(transposeView(plain(value), [0, 2, 1, 3]), outputShape);
}

export const indexingKernels: Kernels = {
  GatherV2: (b, { x, indices }, { axis, batchDims }) => {
    const [at] = util.parseAxisParam(axis, x.shape);
    const info = backend_util.segment_util.collectGatherOpShapeInfo(
      x as tf.Tensor,
      indices as tf.Tensor,
      at,
      batchDims ?? 0,
    );
    assertInBounds('GatherV2', b.view(indices), x.shape[at]);
    if (batchDims) return b.output(gatherPerBatch(b.view(x), b.view(indices), info), x.dtype);
    const shape = [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)];
    const index = cast(materialize(b.view(indices)), 'int32');
    const value = op('Gather', [materialize(b.view(x)), index], graphType(x.dtype, 'GatherV2'), shape, {
      attributes: { axis: at },
    });
    return b.output(reshapeView(plain(value), info.outputShape), x.dtype);
  },
  GatherNd: (b, { params, indices }) => {
    backend_util.prepareAndValidate(params as tf.Tensor, indices as tf.Tensor);
    assertInBounds('GatherNd', b.view(indices), params.shape.slice(0, indices.shape.at(-1)));
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
    return b.output(plain(where(hit, scalar(onValue, type), scalar(offValue, type), shape)), dtype);
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
