import * as tf from '@tensorflow/tfjs';
import { int64, multiOp, op, scalar, type Value } from '../graph/value.js';
import { inLayout, NHWC_IN_NCHW, reshapeValue } from '../graph/view.js';
import type { Attrs, Kernels } from './kernel.js';
import { repeatBlocks } from './repeat-blocks.js';

const { backend_util } = tf;
type ConvInfo = tf.backend_util.Conv2DInfo;
const F32 = 'float32';

function poolInfo(shape: readonly number[], { filterSize, strides, pad, dimRoundingMode }: Attrs): ConvInfo {
  return backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

function window(info: ConvInfo): Record<string, number[]> {
  const { padInfo: p } = info;
  return {
    kernel_shape: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    pads: [p.top, p.left, p.bottom, p.right],
  };
}

const inputShape = (i: ConvInfo) => [i.batchSize, i.inChannels, i.inHeight, i.inWidth];
const outputShape = (i: ConvInfo) => [i.batchSize, i.inChannels, i.outHeight, i.outWidth];

/** Windows that tile the input exactly: each input element belongs to one. */
function tiles({ padInfo: p, ...i }: ConvInfo): boolean {
  return (
    i.strideHeight === i.filterHeight &&
    i.strideWidth === i.filterWidth &&
    p.top + p.left + p.bottom + p.right === 0 &&
    i.outHeight * i.filterHeight === i.inHeight &&
    i.outWidth * i.filterWidth === i.inWidth
  );
}

/** Adds dy, spread over each window by `spread(window row, column)`, onto the input's positions. */
function scatterWindows(info: ConvInfo, tap: (i: number, j: number) => Value): Value {
  const { padInfo: p, filterHeight: fh, filterWidth: fw, strideHeight: sh, strideWidth: sw } = info;
  const [n, c, h, w] = outputShape(info);
  const paddedHeight = info.inHeight + p.top + p.bottom;
  const paddedWidth = info.inWidth + p.left + p.right;
  const spreadHeight = (h - 1) * sh + 1;
  const spreadWidth = (w - 1) * sw + 1;
  const terms: Value[] = [];
  for (let i = 0; i < fh; i++) {
    for (let j = 0; j < fw; j++) {
      const spread = dilate(tap(i, j), [n, c, h, w], [sh, sw]);
      terms.push(
        op(
          'Pad',
          [spread, int64([0, 0, i, j, 0, 0, paddedHeight - spreadHeight - i, paddedWidth - spreadWidth - j])],
          F32,
          [n, c, paddedHeight, paddedWidth],
        ),
      );
    }
  }
  const sum = terms.length === 1 ? terms[0] : op('Sum', terms, F32, [n, c, paddedHeight, paddedWidth]);
  if (p.top + p.left + p.bottom + p.right === 0) return sum;
  return op(
    'Slice',
    [sum, int64([p.top, p.left]), int64([p.top + info.inHeight, p.left + info.inWidth]), int64([2, 3])],
    F32,
    inputShape(info),
  );
}

/** Puts stride - 1 zeros between neighbours. */
function dilate(value: Value, [n, c, h, w]: number[], [sh, sw]: number[]): Value {
  if (sh === 1 && sw === 1) return value;
  const wide = op(
    'Pad',
    [reshapeValue(value, [n, c, h, 1, w, 1]), int64([0, 0, 0, 0, 0, 0, 0, 0, 0, sh - 1, 0, sw - 1])],
    F32,
    [n, c, h, sh, w, sw],
  );
  return op(
    'Slice',
    [
      reshapeValue(wide, [n, c, h * sh, w * sw]),
      int64([0, 0]),
      int64([(h - 1) * sh + 1, (w - 1) * sw + 1]),
      int64([2, 3]),
    ],
    F32,
    [n, c, (h - 1) * sh + 1, (w - 1) * sw + 1],
  );
}

export const poolingKernels: Kernels = {
  AvgPool: (b, { x }, attrs) => {
    const info = poolInfo(x.shape, attrs);
    const input = inLayout(b.view(x), NHWC_IN_NCHW);
    const attributes = { ...window(info), count_include_pad: 0 };
    return b.output(
      { value: op('AveragePool', [input], F32, outputShape(info), { attributes }), perm: NHWC_IN_NCHW },
      F32,
    );
  },
  AvgPoolGrad: (b, { dy, input }, attrs) => {
    const info = poolInfo(input.shape, attrs);
    const gradient = inLayout(b.view(dy), NHWC_IN_NCHW);
    const area = info.filterHeight * info.filterWidth;
    const share = op('Mul', [gradient, scalar(1 / area)], F32, gradient.shape);
    const value = tiles(info)
      ? repeatBlocks(share, [info.filterHeight, info.filterWidth])
      : scatterWindows(info, () => share);
    return b.output({ value, perm: NHWC_IN_NCHW }, F32);
  },
  MaxPool: (b, { x }, attrs) => {
    const info = poolInfo(x.shape, attrs);
    const input = inLayout(b.view(x), NHWC_IN_NCHW);
    return b.output(
      {
        value: op('MaxPool', [input], F32, outputShape(info), { attributes: window(info) }),
        perm: NHWC_IN_NCHW,
      },
      F32,
    );
  },
  /** The first largest element of each window receives the gradient. */
  MaxPoolGrad: (b, { dy, input }, attrs) => {
    const info = poolInfo(input.shape, attrs);
    const x = inLayout(b.view(input), NHWC_IN_NCHW);
    const gradient = inLayout(b.view(dy), NHWC_IN_NCHW);
    const shape = outputShape(info);
    const [, flat] = multiOp(
      'MaxPool',
      [x],
      [
        { dtype: F32, shape },
        { dtype: 'int64', shape },
      ],
      { attributes: window(info) },
    );
    // ONNX counts indices over the whole batch; within an image they are row * width + column.
    const winner = op('Mod', [flat, scalar(info.inHeight * info.inWidth, 'int64')], 'int64', shape);
    const value = scatterWindows(info, (i, j) => {
      const hit = op('Equal', [winner, tapIndex(info, i, j)], 'bool', shape);
      return op('Where', [hit, gradient, scalar(0)], F32, shape);
    });
    return b.output({ value, perm: NHWC_IN_NCHW }, F32);
  },
};

/** Index within the image of the element under tap (i, j) of every window, [1, 1, outHeight, outWidth]. */
function tapIndex(info: ConvInfo, i: number, j: number): Value {
  const { outHeight: h, outWidth: w, strideHeight: sh, strideWidth: sw, inWidth, padInfo: p } = info;
  const rows = Array.from({ length: h }, (_, y) => (y * sh + i - p.top) * inWidth);
  const columns = Array.from({ length: w }, (_, x) => x * sw + j - p.left);
  return op(
    'Add',
    [reshapeValue(int64(rows), [1, 1, h, 1]), reshapeValue(int64(columns), [1, 1, 1, w])],
    'int64',
    [1, 1, h, w],
  );
}
