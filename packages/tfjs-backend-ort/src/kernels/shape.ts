import * as tf from '@tensorflow/tfjs';
import { filled } from '../graph/filled.js';
import { type HostArray, int64, multiOp, op, scalar } from '../graph/value.js';
import {
  commonLayout,
  inLayout,
  materialize,
  plain,
  reshapeView,
  shapeOf,
  transposeView,
  type View,
} from '../graph/view.js';
import { cast, graphType, type KernelBackend, type Kernels, physicalShape, where } from './kernel.js';

const { backend_util, slice_util, util } = tf;

function reshape(b: KernelBackend, x: tf.TensorInfo, shape: number[]): tf.TensorInfo {
  return b.output(reshapeView(b.view(x), shape), x.dtype);
}

/** The block that starts at `begin`, by logical axes. */
export function sliceView(view: View, begin: readonly number[], size: readonly number[]): View {
  const shape = shapeOf(view);
  const cut = begin.map((_, axis) => axis).filter((axis) => begin[axis] !== 0 || size[axis] !== shape[axis]);
  if (cut.length === 0) return view;
  const value = op(
    'Slice',
    [
      view.value,
      int64(cut.map((axis) => begin[axis])),
      int64(cut.map((axis) => begin[axis] + size[axis])),
      int64(cut.map((axis) => view.perm[axis])),
    ],
    view.value.dtype,
    physicalShape(size, view.perm),
  );
  return { value, perm: view.perm };
}

/**
 * Rows of host data, which lie in one piece; undefined for any other slice. As part of a graph they would make it another
 * one, with a session of its own, for every batch that a loop takes from its data (a `LayersModel`'s fit and predict).
 */
function hostRows({ value, perm }: View, begin: number[], size: number[]): HostArray | undefined {
  const { data, op: made, shape } = value;
  const whole = size.every((d, axis) => axis === 0 || d === shape[axis]);
  if (!data || made || size.length === 0 || !whole || perm.some((p, axis) => p !== axis)) return undefined;
  const row = util.sizeFromShape(size.slice(1));
  return data.slice(begin[0] * row, (begin[0] + size[0]) * row);
}

function concat(b: KernelBackend, tensors: tf.TensorInfo[], axis: number): tf.TensorInfo {
  const shapes = tensors.map((t) => t.shape);
  backend_util.assertParamsConsistent(shapes, axis);
  const shape = backend_util.computeOutShape(shapes, axis);
  const dtype = tensors[0].dtype;
  const kept = tensors.filter((t) => util.sizeFromShape(t.shape) > 0);
  if (kept.length === 0)
    return b.hostOutput(util.getTypedArrayFromDType(dtype as 'float32', 0), shape, dtype);
  const views = kept.map((t) => b.view(t));
  const perm = commonLayout(views);
  const values = views.map((view) => cast(inLayout(view, perm), graphType(dtype, 'Concat')));
  if (values.length === 1) return b.output({ value: values[0], perm }, dtype);
  const value = op('Concat', values, values[0].dtype, physicalShape(shape, perm), {
    attributes: { axis: perm[axis] },
  });
  return b.output({ value, perm }, dtype);
}

/** `paddings` are [before, after] per logical axis; `fill` is for mode 'constant'. */
export function padView(
  view: View,
  paddings: readonly [number, number][],
  mode: 'constant' | 'reflect',
  fill: number,
): View {
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return view;
  const { dtype } = view.value;
  const shape = shapeOf(view).map((d, i) => d + paddings[i][0] + paddings[i][1]);
  const before = physicalShape(
    paddings.map((p) => p[0]),
    view.perm,
  );
  const after = physicalShape(
    paddings.map((p) => p[1]),
    view.perm,
  );
  const value = op(
    'Pad',
    [view.value, int64([...before, ...after]), mode === 'constant' ? scalar(fill, dtype) : null],
    dtype,
    physicalShape(shape, view.perm),
    { attributes: { mode } },
  );
  return { value, perm: view.perm };
}

export const shapeKernels: Kernels = {
  Identity: (b, { x }) => {
    b.incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  },
  Reshape: (b, { x }, { shape }) => {
    const size = util.sizeFromShape(x.shape);
    const resolved = util.inferFromImplicitShape(shape, size);
    util.assert(
      size === util.sizeFromShape(resolved),
      () =>
        `The new shape (${resolved}) has ${util.sizeFromShape(resolved)} elements and the old shape (${x.shape}) has ` +
        `${size} elements. The new shape and old shape must have the same number of elements.`,
    );
    return reshape(b, x, resolved);
  },
  ExpandDims: (b, { input }, { dim }) => {
    util.assert(
      dim >= -(input.shape.length + 1) && dim <= input.shape.length,
      () => `Axis must be in the interval [${-(input.shape.length + 1)}, ${input.shape.length}]`,
    );
    const shape = input.shape.slice();
    shape.splice(dim < 0 ? input.shape.length + dim + 1 : dim, 0, 1);
    return reshape(b, input, shape);
  },
  Transpose: (b, { x }, { perm }) => b.output(transposeView(b.view(x), perm), x.dtype),
  Cast: (b, { x }, { dtype }) => {
    if (dtype === x.dtype) {
      b.incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype };
    }
    const view = b.view(x);
    return b.output({ value: cast(view.value, graphType(dtype, 'Cast')), perm: view.perm }, dtype);
  },
  Concat: (b, inputs, { axis }) => {
    const tensors = Object.values(inputs);
    return concat(b, tensors, util.parseAxisParam(axis, tensors[0].shape)[0]);
  },
  Pack: (b, inputs, { axis }) => {
    const tensors = Object.values(inputs);
    const shape = tensors[0].shape.slice();
    for (const t of tensors) {
      util.assertShapesMatch(shape, t.shape, 'All tensors passed to stack must have matching shapes');
      util.assert(
        t.dtype === tensors[0].dtype,
        () => 'All tensors passed to stack must have matching dtypes',
      );
    }
    shape.splice(axis < 0 ? shape.length + axis + 1 : axis, 0, 1);
    const expanded = tensors.map((t) => reshape(b, t, shape));
    const out = concat(b, expanded, axis < 0 ? axis + shape.length : axis);
    for (const t of expanded) b.disposeData(t.dataId);
    return out;
  },
  Unpack: (b, { value }, { axis }) => {
    const at = axis < 0 ? axis + value.shape.length : axis;
    const shape = value.shape.filter((_, i) => i !== at);
    return Array.from({ length: value.shape[at] }, (_, k) => {
      const begin = value.shape.map((_, i) => (i === at ? k : 0));
      const size = value.shape.map((d, i) => (i === at ? 1 : d));
      return b.output(reshapeView(sliceView(b.view(value), begin, size), shape), value.dtype);
    });
  },
  Slice: (b, { x }, { begin, size }) => {
    const [from, extent] = slice_util.parseSliceParams(x as tf.Tensor, begin, size);
    slice_util.assertParamsValid(x as tf.Tensor, from, extent);
    const view = b.view(x);
    const rows = b.isTracing || view.value.dtype !== x.dtype ? undefined : hostRows(view, from, extent);
    return rows
      ? b.hostOutput(rows as tf.backend_util.BackendValues, extent, x.dtype)
      : b.output(sliceView(view, from, extent), x.dtype);
  },
  SplitV: (b, { x }, { numOrSizeSplits, axis }) => {
    const [at] = util.parseAxisParam(axis, x.shape);
    const sizes = backend_util.prepareSplitSize(x as tf.Tensor, numOrSizeSplits, at);
    const view = b.view(x);
    if (sizes.length === 1) return [b.output(view, x.dtype)];
    const parts = multiOp(
      'Split',
      [view.value, int64(sizes)],
      sizes.map((part) => ({
        dtype: view.value.dtype,
        shape: view.value.shape.map((d, physical) => (physical === view.perm[at] ? part : d)),
      })),
      { attributes: { axis: view.perm[at] } },
    );
    return parts.map((value) => b.output({ value, perm: view.perm }, x.dtype));
  },
  Tile: (b, { x }, { reps }) => {
    const view = b.view(x);
    const shape = x.shape.map((d, i) => d * reps[i]);
    const value = op(
      'Tile',
      [view.value, int64(physicalShape(reps, view.perm))],
      view.value.dtype,
      physicalShape(shape, view.perm),
    );
    return b.output({ value, perm: view.perm }, x.dtype);
  },
  PadV2: (b, { x }, { paddings, constantValue }) =>
    b.output(padView(b.view(x), paddings, 'constant', constantValue), x.dtype),
  MirrorPad: (b, { x }, { paddings, mode }) => {
    if (mode === 'reflect') return b.output(padView(b.view(x), paddings, 'reflect', 0), x.dtype);
    // Symmetric: the border element is repeated, so each side is the reversed edge block.
    let view = b.view(x);
    paddings.forEach(([before, after]: [number, number], axis: number) => {
      const shape = shapeOf(view);
      const block = (start: number, length: number) =>
        reverseView(
          sliceView(
            view,
            shape.map((_, i) => (i === axis ? start : 0)),
            shape.map((d, i) => (i === axis ? length : d)),
          ),
          [axis],
        );
      const parts = [view];
      if (before > 0) parts.unshift(block(0, before));
      if (after > 0) parts.push(block(shape[axis] - after, after));
      if (parts.length === 1) return;
      const grown = shape.map((d, i) => (i === axis ? d + before + after : d));
      const values = parts.map((part) => inLayout(part, view.perm));
      view = {
        value: op('Concat', values, view.value.dtype, physicalShape(grown, view.perm), {
          attributes: { axis: view.perm[axis] },
        }),
        perm: view.perm,
      };
    });
    return b.output(view, x.dtype);
  },
  Reverse: (b, { x }, { dims }) =>
    b.output(reverseView(b.view(x), util.parseAxisParam(dims, x.shape)), x.dtype),
  StridedSlice: (
    b,
    { x },
    { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask },
  ) => {
    const info = slice_util.sliceInfo(
      x.shape,
      begin,
      end,
      strides,
      beginMask,
      endMask,
      ellipsisMask,
      newAxisMask,
      shrinkAxisMask,
    );
    const view = b.view(x);
    if (util.sizeFromShape(info.finalShapeSparse) === 0) {
      return b.hostOutput(util.getTypedArrayFromDType(x.dtype as 'float32', 0), info.finalShape, x.dtype);
    }
    const axes = x.shape.map((_, axis) => axis);
    const shape = axes.map((axis) => Math.ceil((info.end[axis] - info.begin[axis]) / info.strides[axis]));
    // ONNX reads a negative end as counted from the back; one before the first element is far below zero.
    const stop = axes.map((axis) => (info.end[axis] < 0 ? -x.shape[axis] - 1 : info.end[axis]));
    const value = op(
      'Slice',
      [
        view.value,
        int64(info.begin),
        int64(stop),
        int64(axes.map((axis) => view.perm[axis])),
        int64(info.strides),
      ],
      view.value.dtype,
      physicalShape(shape, view.perm),
    );
    return b.output(reshapeView({ value, perm: view.perm }, info.finalShape), x.dtype);
  },
  Diag: (b, { x }) => {
    const size = util.sizeFromShape(x.shape);
    const type = graphType(x.dtype, 'Diag');
    const ids = int64(Array.from({ length: size }, (_, i) => i));
    const onDiagonal = op('Equal', [reshapeView(plain(ids), [size, 1]).value, ids], 'bool', [size, size]);
    const row = reshapeView(plain(materialize(b.view(x))), [size]).value;
    const value = where(onDiagonal, row, scalar(0, type), [size, size]);
    return b.output(reshapeView(plain(value), [...x.shape, ...x.shape]), x.dtype);
  },
  FlipLeftRight: (b, { image }) => b.output(reverseView(b.view(image), [2]), image.dtype),
  BroadcastTo: (b, { x }, { shape }) =>
    b.output(
      plain(op('Expand', [materialize(b.view(x)), int64(shape)], graphType(x.dtype, 'BroadcastTo'), shape)),
      x.dtype,
    ),
  Fill: (b, _inputs, { shape, value, dtype }) => {
    const type = dtype ?? util.inferDtype(value);
    if (type === 'string') {
      return b.hostOutput(new Array(util.sizeFromShape(shape)).fill(util.encodeString(value)), shape, type);
    }
    return b.output(filled(shape, value, graphType(type, 'Fill') as 'float32'), type);
  },
  ZerosLike: (b, { x }) =>
    b.output(filled(x.shape, 0, graphType(x.dtype, 'ZerosLike') as 'float32'), x.dtype),
  OnesLike: (b, { x }) => b.output(filled(x.shape, 1, graphType(x.dtype, 'OnesLike') as 'float32'), x.dtype),
};

export function reverseView(view: View, axes: readonly number[]): View {
  if (axes.length === 0) return view;
  const lowest = -(2 ** 31);
  const value = op(
    'Slice',
    [
      view.value,
      int64(axes.map(() => -1)),
      int64(axes.map(() => lowest)),
      int64(axes.map((axis) => view.perm[axis])),
      int64(axes.map(() => -1)),
    ],
    view.value.dtype,
    view.value.shape,
  );
  return { value, perm: view.perm };
}
