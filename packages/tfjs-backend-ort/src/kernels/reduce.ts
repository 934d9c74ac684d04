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

const same = (dtype: tf.DataType): tf.DataType => dtype;
const summed = (dtype: tf.DataType): tf.DataType => (dtype === 'bool' ? 'int32' : dtype);

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
        : op(
            type,
            [b.runtime.isCpu ? input : rowsFirst(type, input, physical), int64(physical)],
            compute,
            shape,
            {
              attributes: { keepdims },
            },
          ),
    );
    return b.output({ value: cast(out.value, graphType(dtype, type)), perm: out.perm }, dtype);
  };
}

/**
 * Where the last axes of `input` and others before them are reduced, `input` with the last ones reduced already, to length one: a
 * GPU reduces rows that lie side by side in memory twenty times as fast as anything else.
 */
function rowsFirst(type: string, input: Value, axes: readonly number[]): Value {
  const last = axes.filter((axis) => input.shape.slice(axis).every((_, i) => axes.includes(axis + i)));
  if (last.length === 0 || last.length === axes.length) return input;
  const shape = input.shape.map((length, axis) => (last.includes(axis) ? 1 : length));
  return op(type, [input, int64(last)], input.dtype, shape, { attributes: { keepdims: 1 } });
}

/** Max or Min: NaN where an element is, which ONNX Runtime's reductions pass over. */
function extremum(type: 'ReduceMax' | 'ReduceMin'): Kernel {
  const plainReduction = reduction(type, same);
  return (b, { x }, attrs) => {
    if (x.dtype !== 'float32') return plainReduction(b, { x }, attrs);
    const axes = util.parseAxisParam(attrs.reductionIndices ?? attrs.axis, x.shape);
    const { value, perm } = b.view(x);
    if (axes.length === 0) return b.output({ value, perm }, x.dtype);
    const nan = cast(op('IsNaN', [value], 'bool', value.shape), 'float32');
    const out = reduced({ value, perm }, axes, attrs.keepDims, (physical, shape, keepdims) => {
      const reduce = (kind: string, input: Value) =>
        op(kind, [input, int64(physical)], 'float32', shape, { attributes: { keepdims } });
      const anyNaN = cast(reduce('ReduceMax', nan), 'bool');
      return op('Where', [anyNaN, scalar(Number.NaN), reduce(type, value)], 'float32', shape);
    });
    return b.output(out, x.dtype);
  };
}

/** ArgMax or ArgMin, which pass over NaN. */
function argReduction(type: 'ArgMax' | 'ArgMin'): Kernel {
  const never = scalar(type === 'ArgMax' ? -Infinity : Infinity);
  return (b, { x }, { axis }) => {
    const axes = util.parseAxisParam(axis, x.shape);
    const view = b.view(x);
    const { shape: inShape } = view.value;
    const input =
      x.dtype === 'float32'
        ? op('Where', [op('IsNaN', [view.value], 'bool', inShape), never, view.value], 'float32', inShape)
        : cast(view.value, 'int32');
    const out = reduced(view, axes.slice(0, 1), false, ([physical], shape, keepdims) =>
      op(type, [input], 'int64', shape, { attributes: { axis: physical, keepdims } }),
    );
    return b.output({ value: cast(out.value, 'int32'), perm: out.perm }, 'int32');
  };
}

export const reduceKernels: Kernels = {
  Sum: reduction('ReduceSum', summed),
  Mean: reduction('ReduceMean', () => 'float32'),
  Prod: reduction('ReduceProd', summed),
  Max: extremum('ReduceMax'),
  Min: extremum('ReduceMin'),
  All: reduction('ReduceMin', () => 'bool'),
  Any: reduction('ReduceMax', () => 'bool'),
  ArgMax: argReduction('ArgMax'),
  ArgMin: argReduction('ArgMin'),
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
  /** Always sorted, which tfjs allows: so equal elements come in the order of their indices. */
  TopK: (b, { x }, { k }) => {
    const view = b.view(x);
    const whole = materialize(view);
    const input = whole.dtype === 'bool' ? cast(whole, 'int32') : whole;
    const shape = [...x.shape.slice(0, -1), k];
    const [values, indices] = multiOp(
      'TopK',
      [input, int64([k])],
      [
        { dtype: input.dtype, shape },
        { dtype: 'int64', shape },
      ],
      { attributes: { axis: x.shape.length - 1, largest: 1, sorted: 1 } },
    );
    return [
      b.output({ value: cast(values, whole.dtype), perm: shape.map((_, i) => i) }, x.dtype),
      b.output({ value: cast(indices, 'int32'), perm: shape.map((_, i) => i) }, 'int32'),
    ];
  },
};
