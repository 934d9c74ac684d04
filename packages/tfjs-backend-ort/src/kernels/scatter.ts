import * as tf from '@tensorflow/tfjs';
import { filled } from '../graph/filled.js';
import { reshapeValue } from '../graph/transpose.js';
import { int64, op, scalar, sizeOf, type Value } from '../graph/value.js';
import { identity, materialize, reshapeView } from '../graph/view.js';
import { assertInBounds, refuseNegative } from './indices.js';
import { cast, graphType, type Kernel, type Kernels } from './kernel.js';

const { backend_util } = tf;

/** `data` with `updates` added to, or put in place of, its rows at `indices` [count, depth]. */
function scatterNd(data: Value, indices: Value, updates: Value, reduction: 'add' | 'none'): Value {
  if (sizeOf(indices.shape) === 0 || sizeOf(data.shape) === 0) return data;
  return op('ScatterND', [data, cast(indices, 'int64'), updates], data.dtype, data.shape, {
    attributes: { reduction },
  });
}

const zeros = (shape: readonly number[], dtype: 'float32' | 'int32') => filled(shape, 0, dtype).value;

/** ScatterND adds numbers only. */
const addable = (dtype: tf.DataType, kernel: string) =>
  graphType(dtype, kernel) === 'float32' ? 'float32' : 'int32';

const scatter: Kernel = (b, { indices, updates }, { shape }) => {
  const { sliceRank, numUpdates, sliceSize, outputSize } = backend_util.calculateShapes(
    updates as tf.Tensor,
    indices as tf.Tensor,
    shape,
  );
  const leading: number[] = shape.slice(0, sliceRank);
  assertInBounds('ScatterNd', b.view(indices), leading);
  const type = addable(updates.dtype, 'ScatterNd');
  const at = reshapeValue(materialize(b.view(indices)), [numUpdates, sliceRank]);
  const rows = reshapeValue(cast(materialize(b.view(updates)), type), [numUpdates, sliceSize]);
  const target = zeros(outputSize === 0 ? shape : [...leading, sliceSize], type);
  const value = reshapeValue(scatterNd(target, at, rows, 'add'), shape);
  return b.output(
    { value: cast(value, graphType(updates.dtype, 'ScatterNd')), perm: identity(shape.length) },
    updates.dtype,
  );
};

const scatterUpdate: Kernel = (b, { tensor, indices, updates }) => {
  const { sliceRank, numUpdates, sliceSize } = backend_util.calculateShapes(
    updates as tf.Tensor,
    indices as tf.Tensor,
    tensor.shape,
  );
  const leading = tensor.shape.slice(0, sliceRank);
  assertInBounds('TensorScatterUpdate', b.view(indices), leading);
  const target = reshapeValue(materialize(b.view(tensor)), [...leading, sliceSize]);
  const at = reshapeValue(materialize(b.view(indices)), [numUpdates, sliceRank]);
  const rows = reshapeValue(cast(materialize(b.view(updates)), target.dtype), [numUpdates, sliceSize]);
  const value = reshapeValue(scatterNd(target, at, rows, 'none'), tensor.shape);
  return b.output({ value, perm: identity(tensor.shape.length) }, tensor.dtype);
};

const sparseToDense: Kernel = (b, { sparseIndices, sparseValues, defaultValue }, { outputShape }) => {
  const { sliceRank, numUpdates } = backend_util.calculateShapes(
    sparseValues as tf.Tensor,
    sparseIndices as tf.Tensor,
    outputShape,
  );
  if (sliceRank !== outputShape.length) return null;
  assertInBounds('SparseToDense', b.view(sparseIndices), outputShape);
  const type = graphType(sparseValues.dtype, 'SparseToDense');
  const fill = reshapeValue(cast(materialize(b.view(defaultValue)), type), []);
  const target = op('Expand', [fill, int64(outputShape)], type, outputShape);
  const at = reshapeValue(materialize(b.view(sparseIndices)), [numUpdates, sliceRank]);
  const values = materialize(b.view(sparseValues));
  const rows =
    values.size === 1
      ? op('Expand', [reshapeValue(values, [1]), int64([numUpdates])], type, [numUpdates])
      : reshapeValue(values, [numUpdates]);
  const value = scatterNd(target, at, rows, 'none');
  return b.output({ value, perm: identity(outputShape.length) }, sparseValues.dtype);
};

/** The sum of the rows of each segment; rows whose segment does not exist are left out. */
const unsortedSegmentSum: Kernel = (b, { x, segmentIds }, { numSegments }) => {
  if (segmentIds.shape.length !== 1) return null;
  const type = addable(x.dtype, 'UnsortedSegmentSum');
  const [count, ...rest] = x.shape;
  const width = sizeOf(rest);
  const ids = cast(materialize(b.view(segmentIds)), 'int32');
  const exists = op(
    'And',
    [
      op('GreaterOrEqual', [ids, scalar(0, 'int32')], 'bool', [count]),
      op('Less', [ids, scalar(numSegments, 'int32')], 'bool', [count]),
    ],
    'bool',
    [count],
  );
  const at = op('Where', [exists, ids, scalar(numSegments, 'int32')], 'int32', [count]);
  const rows = reshapeValue(cast(materialize(b.view(x)), type), [count, width]);
  const sums = scatterNd(zeros([numSegments + 1, width], type), reshapeValue(at, [count, 1]), rows, 'add');
  const kept = op('Slice', [sums, int64([0]), int64([numSegments]), int64([0])], type, [numSegments, width]);
  const shape = [numSegments, ...rest];
  return b.output({ value: reshapeValue(kept, shape), perm: identity(shape.length) }, type);
};

/** Occurrences of 0 ... size - 1 in each row of x, weighted where there are weights; larger numbers are left out. */
const bincount: Kernel = (b, { x, weights }, { size, binaryOutput }) => {
  assertInBounds('Bincount', b.view(x), Number.POSITIVE_INFINITY);
  const type = addable(weights.dtype, 'Bincount');
  const shape = x.shape;
  const axis = shape.length - 1;
  const leading = shape.slice(0, -1);
  const numbers = cast(materialize(b.view(x)), 'int32');
  const clipped = op('Min', [numbers, scalar(size, 'int32')], 'int32', shape);
  const at = cast(refuseNegative(clipped, size + 1), 'int64');
  const weighted = sizeOf(weights.shape) > 0 && !binaryOutput;
  const updates = weighted ? cast(materialize(b.view(weights)), type) : filled(shape, 1, type).value;
  const counts =
    sizeOf(shape) === 0
      ? zeros([...leading, size + 1], type)
      : op(
          'ScatterElements',
          [zeros([...leading, size + 1], type), at, updates],
          type,
          [...leading, size + 1],
          {
            attributes: { axis, reduction: binaryOutput ? 'max' : 'add' },
          },
        );
  const kept = op('Slice', [counts, int64([0]), int64([size]), int64([axis])], type, [...leading, size]);
  return b.output(
    { value: cast(kept, graphType(weights.dtype, 'Bincount')), perm: identity(shape.length) },
    weights.dtype,
  );
};

export const scatterKernels: Kernels = {
  ScatterNd: scatter,
  TensorScatterUpdate: scatterUpdate,
  SparseToDense: sparseToDense,
  UnsortedSegmentSum: unsortedSegmentSum,
  Bincount: (b, { x, weights }, { size }) => {
    const flat = b.output(reshapeView(b.view(x), [sizeOf(x.shape)]), x.dtype);
    const out = bincount(b, { x: flat, weights }, { size });
    b.disposeData(flat.dataId);
    return out;
  },
  DenseBincount: bincount,
};
