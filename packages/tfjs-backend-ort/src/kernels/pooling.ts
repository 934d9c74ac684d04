import * as tf from '@tensorflow/tfjs';
import { reshapeValue } from '../graph/transpose.js';
import { constant, int64, multiOp, op, scalar, sizeOf, type Value } from '../graph/value.js';
import { inLayout, NHWC_IN_NCHW } from '../graph/view.js';
import { type Attrs, cast, type Kernel, type KernelBackend, type Kernels } from './kernel.js';
import { repeatBlocks } from './repeat-blocks.js';
import {
  coverage,
  inputShape,
  outputShape,
  padded,
  scatterTaps,
  taps,
  tiles,
  underTap,
  type Windows,
  windowAttributes,
  windows2d,
  windows3d,
} from './windows.js';

const { backend_util } = tf;
const F32 = 'float32';

type Geometry = (shape: readonly number[], attrs: Attrs) => Windows;

const pool2d: Geometry = (shape, { filterSize, strides, pad, dimRoundingMode }) =>
  windows2d(
    backend_util.computePool2DInfo(
      shape as [number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    ),
  );

const pool3d: Geometry = (shape, { filterSize, strides, pad, dimRoundingMode, dataFormat }) =>
  windows3d(
    backend_util.computePool3DInfo(
      shape as [number, number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
      dataFormat,
    ),
  );

/** Where channels-last axes lie in memory when ONNX sees [batch, channels, ...spatial]. */
function channelsFirst(w: Windows): readonly number[] {
  return w.input.length === 2 ? NHWC_IN_NCHW : [0, 2, 3, 4, 1];
}

/** ONNX Runtime's pooling refuses padding as wide as the window: then the taps are combined one by one. */
const isWidelyPadded = (w: Windows) => w.kernel.some((k, i) => w.before[i] >= k || w.after[i] >= k);

/** tfjs's pooling of single elements onto the same shape copies them, whatever padding and stride say. */
const copies = (w: Windows) => sizeOf(w.kernel) === 1 && w.output.every((size, i) => size === w.input[i]);

function pooled(
  b: KernelBackend,
  x: tf.TensorInfo,
  w: Windows,
  compute: (input: Value) => Value,
): tf.TensorInfo {
  const view = b.view(x);
  if (copies(w)) return b.output(view, x.dtype);
  const layout = channelsFirst(w);
  return b.output(
    { value: cast(compute(cast(inLayout(view, layout), F32)), view.value.dtype), perm: layout },
    x.dtype,
  );
}

function average(w: Windows, input: Value): Value {
  const shape = outputShape(w);
  if (isWidelyPadded(w)) {
    const whole = padded(w, input, 0);
    const sum = op(
      'Sum',
      taps(w).map((tap) => underTap(w, whole, tap)),
      F32,
      shape,
    );
    return op('Div', [sum, coverage(w)], F32, shape);
  }
  const { kernel_shape, strides, pads } = windowAttributes(w);
  return op('AveragePool', [input], F32, shape, {
    attributes: { kernel_shape, strides, pads, count_include_pad: 0 },
  });
}

function maximum(w: Windows, input: Value): Value {
  const shape = outputShape(w);
  if (isWidelyPadded(w)) {
    const whole = padded(w, input, -Infinity);
    return op(
      'Max',
      taps(w).map((tap) => underTap(w, whole, tap)),
      F32,
      shape,
    );
  }
  return op('MaxPool', [input], F32, shape, { attributes: windowAttributes(w) });
}

const avgPool =
  (geometry: Geometry): Kernel =>
  (b, { x }, attrs) => {
    const w = geometry(x.shape, attrs);
    return pooled(b, x, w, (input) => average(w, input));
  };

const maxPool =
  (geometry: Geometry): Kernel =>
  (b, { x }, attrs) => {
    const w = geometry(x.shape, attrs);
    return pooled(b, x, w, (input) => maximum(w, input));
  };

/** Each element of a window receives an equal share; padding receives none. */
const avgPoolGrad =
  (geometry: Geometry): Kernel =>
  (b, { dy, input }, attrs) => {
    const w = geometry(input.shape, attrs);
    if (copies(w)) return b.output(b.view(dy), F32);
    const layout = channelsFirst(w);
    const gradient = inLayout(b.view(dy), layout);
    const share = op('Div', [gradient, coverage(w)], F32, gradient.shape);
    const value =
      tiles(w) && w.input.length === 2
        ? repeatBlocks(share, w.kernel as [number, number])
        : scatterTaps(w, () => share);
    return b.output({ value, perm: layout }, F32);
  };

/** The first largest element of each window receives the gradient. */
const maxPoolGrad =
  (geometry: Geometry): Kernel =>
  (b, { dy, input }, attrs) => {
    const w = geometry(input.shape, attrs);
    if (copies(w)) return b.output(b.view(dy), F32);
    const layout = channelsFirst(w);
    const x = cast(inLayout(b.view(input), layout), F32);
    const gradient = inLayout(b.view(dy), layout);
    const shape = outputShape(w);
    if (isWidelyPadded(w)) return b.output({ value: byComparison(w, x, gradient), perm: layout }, F32);
    const winner = winners(w, x)[1];
    const value = scatterTaps(w, (tap) => {
      const hit = op('Equal', [winner, tapIndex(w, tap)], 'bool', shape);
      return op('Where', [hit, gradient, scalar(0)], F32, shape);
    });
    return b.output({ value, perm: layout }, F32);
  };

/** The maxima, and the place of each within its image's spatial axes, row-major (int64). */
function winners(w: Windows, x: Value): [Value, Value] {
  const shape = outputShape(w);
  const outputs = [
    { dtype: F32, shape },
    { dtype: 'int64', shape },
  ] as const;
  const [largest, flat] = multiOp('MaxPool', [x], [...outputs], { attributes: windowAttributes(w) });
  // ONNX counts indices over the whole batch.
  return [largest, op('Mod', [flat, scalar(sizeOf(w.input), 'int64')], 'int64', shape)];
}

/** Place within its image of the element under `tap` of every window, [1, 1, ...output]. */
function tapIndex(w: Windows, tap: readonly number[]): Value {
  let sum: Value | undefined;
  w.output.forEach((length, axis) => {
    const stride = sizeOf(w.input.slice(axis + 1));
    const places = Array.from(
      { length },
      (_, o) => (o * w.strides[axis] + tap[axis] * w.dilations[axis] - w.before[axis]) * stride,
    );
    const term = reshapeValue(int64(places), [1, 1, ...w.output.map((size, i) => (i === axis ? size : 1))]);
    sum =
      sum === undefined
        ? term
        : op('Add', [sum, term], 'int64', [1, 1, ...w.output.map((size, i) => (i <= axis ? size : 1))]);
  });
  return sum!;
}

/** As `maxPoolGrad` where the winner's place is not at hand: the first tap that equals the maximum. */
function byComparison(w: Windows, x: Value, gradient: Value): Value {
  const shape = outputShape(w);
  const whole = padded(w, x, -Infinity);
  const largest = maximum(w, x);
  let rest = gradient;
  return scatterTaps(w, (tap) => {
    const hit = op('Equal', [underTap(w, whole, tap), largest], 'bool', shape);
    const share = op('Where', [hit, rest, scalar(0)], F32, shape);
    rest = op('Where', [hit, scalar(0), rest], F32, shape);
    return share;
  });
}

const maxPoolWithArgmax: Kernel = (b, { x }, attrs) => {
  const w = pool2d(x.shape, attrs);
  if (isWidelyPadded(w)) return null;
  const layout = channelsFirst(w);
  const view = b.view(x);
  const input = cast(inLayout(view, layout), F32);
  const nan = op('IsNaN', [input], 'bool', input.shape);
  const numbers = op('Where', [nan, scalar(-Infinity), input], F32, input.shape); // NaN is passed over
  const [largest, place] = winners(w, numbers);
  const shape = outputShape(w);
  const [n, , h, width] = inputShape(w);
  const range = (length: number, axis: number, scale: number): Value =>
    constant(
      'int64',
      shape.map((_, i) => (i === axis ? length : 1)),
      BigInt64Array.from({ length }, (_, i) => BigInt(i * scale)),
    );
  const scaled = op('Mul', [place, scalar(w.channels, 'int64')], 'int64', shape);
  let index = op('Add', [scaled, range(w.channels, 1, 1)], 'int64', shape);
  if (attrs.includeBatchInIndex) {
    index = op('Add', [index, range(n, 0, h * width * w.channels)], 'int64', shape);
  }
  return [
    b.output({ value: cast(largest, view.value.dtype), perm: layout }, x.dtype),
    b.output({ value: cast(index, 'int32'), perm: layout }, 'int32'),
  ];
};

export const poolingKernels: Kernels = {
  AvgPool: avgPool(pool2d),
  AvgPoolGrad: avgPoolGrad(pool2d),
  AvgPool3D: avgPool(pool3d),
  AvgPool3DGrad: avgPoolGrad(pool3d),
  MaxPool: maxPool(pool2d),
  MaxPoolGrad: maxPoolGrad(pool2d),
  MaxPool3D: maxPool(pool3d),
  MaxPool3DGrad: maxPoolGrad(pool3d),
  MaxPoolWithArgmax: maxPoolWithArgmax,
};
