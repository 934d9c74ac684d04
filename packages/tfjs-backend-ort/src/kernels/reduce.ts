import * as tf from '@tensorflow/tfjs';
import { type DType, int64, multiOp, op, scalar, type Value } from '../graph/value.js';
import { materialize, type View } from '../graph/view.js';
import { cast, graphType, type Kernel, type Kernels } from './kernel.js';

const { util } = tf;

/** The view left after its logical `axes` were reduced to length one (and dropped unless `keepDims`). */
function reduced(
  view: View,
  axes: readonly number[],
  keepDims: boolean,
  reduce: (physical: number[], shape: number[], keep: number) => Value,
): View {
  const physical = axes.map((axis) => view.perm[axis]).sort((a, b) => a - b);
  if (keepDims) {
    const shape = view.value.shape.map((d, p) => (physical.includes(p) ? 1 : d));
    return { value: reduce(physical, shape, 1), perm: view.perm };
  }
  const shape = view.value.shape.filter((_, p) => !physical.includes(p));
  const rest = view.perm.filter((_, axis) => !axes.includes(axis));
  const perm = rest.map((p) => rest.filter((q) => q < p).length);
  return { value: reduce(physical, shape, 0), perm };
}

function reduction(
  type: string,
  resultType: (dtype: tf.DataType) => tf.DataType,
  computeType?: DType,
): Kernel {
  return (b, { x }, { axis, reductionIndices = axis, keepDims }) => {
    const axes = util.parseAxisParam(reductionIndices, x.shape);
    const dtype = resultType(x.dtype);
    const view = b.view(x);
    const compute = computeType ?? (graphType(dtype, type) === 'bool' ? 'int32' : graphType(dtype, type));
    const input = cast(view.value, compute);
    const out = reduced(view, axes, keepDims, (physical, shape, keepdims) =>
      axes.length === 0
        ? input
        : op(type, [input, int64(physical)], compute, shape, { attributes: { keepdims } }),
    );
    return b.output({ value: cast(out.value, graphType(dtype, type)), perm: out.perm }, dtype);
  };
}

function argReduction(type: string): Kernel {
  return (b, { x }, { axis }) => {
    const axes = util.parseAxisParam(axis, x.shape);
    const view = b.view(x);
    const input = view.value.dtype === 'bool' ? cast(view.value, 'int32') : view.value;
    const out = reduced(view, axes.slice(0, 1), false, ([physical], shape, keepdims) =>
      op(type, [input], 'int64', shape, { attributes: { axis: physical, keepdims } }),
    );
    return b.output({ value: cast(out.value, 'int32'), perm: out.perm }, 'int32');
  };
}

function cumulative(type: string): Kernel {
  return (b, { x }, { axis, exclusive, reverse }) => {
    const view = b.view(x);
    const [logical] = util.parseAxisParam(axis, x.shape);
    const type32 = graphType(x.dtype, type) === 'bool' ? 'int32' : graphType(x.dtype, type);
    const value = op(
      type,
      [cast(view.value, type32), scalar(view.perm[logical] ?? 0, 'int32')],
      type32,
      view.value.shape,
      { attributes: { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 } },
    );
    return b.output({ value, perm: view.perm }, type32 as tf.DataType);
  };
}

const same = (dtype: tf.DataType): tf.DataType => dtype;
const summed = (dtype: tf.DataType): tf.DataType => (dtype === 'bool' ? 'int32' : dtype);

export const reduceKernels: Kernels = {
  Sum: reduction('ReduceSum', summed),
  Mean: reduction('ReduceMean', () => 'float32'),
  Prod: reduction('ReduceProd', summed),
  Max: reduction('ReduceMax', same),
  Min: reduction('ReduceMin', same),
  All: reduction('ReduceMin', () => 'bool'),
  Any: reduction('ReduceMax', () => 'bool'),
  ArgMax: argReduction('ArgMax'),
  ArgMin: argReduction('ArgMin'),
  Cumsum: cumulative('CumSum'),
  Softmax: (b, { logits }, { dim }) => {
    const view = b.view(logits);
    const axis = view.perm[dim < 0 ? dim + logits.shape.length : dim];
    const value = op('Softmax', [cast(view.value, 'float32')], 'float32', view.value.shape, {
      attributes: { axis },
    });
    return b.output({ value, perm: view.perm }, 'float32');
  },
  LogSoftmax: (b, { logits }, { axis: logical }) => {
    const view = b.view(logits);
    const axis = view.perm[logical < 0 ? logical + logits.shape.length : logical];
    const value = op('LogSoftmax', [cast(view.value, 'float32')], 'float32', view.value.shape, {
      attributes: { axis },
    });
    return b.output({ value, perm: view.perm }, 'float32');
  },
  TopK: (b, { x }, { k, sorted }) => {
    const view = b.view(x);
    const input = materialize(view);
    const shape = [...x.shape.slice(0, -1), k];
    const [values, indices] = multiOp(
      'TopK',
      [input, int64([k])],
      [
        { dtype: input.dtype, shape },
        { dtype: 'int64', shape },
      ],
      { attributes: { axis: x.shape.length - 1, largest: 1, sorted: sorted ? 1 : 0 } },
    );
    return [
      b.output({ value: values, perm: shape.map((_, i) => i) }, x.dtype),
      b.output({ value: cast(indices, 'int32'), perm: shape.map((_, i) => i) }, 'int32'),
    ];
  },
};
