import * as tf from '@tensorflow/tfjs';
import type { OrtBackend } from '../backend/backend.js';
import { reshapeValue, transposeValue } from '../graph/transpose.js';
import { int64, op, type Value } from '../graph/value.js';
import { HWIO_IN_OIHW, identity, inLayout, NHWC_IN_NCHW, type View } from '../graph/view.js';
import type { Kernels } from './kernel.js';
import { sliceView } from './shape.js';

const { backend_util } = tf;
type ConvInfo = tf.backend_util.Conv2DInfo;

const F32 = 'float32';

/** Where the axes of an image batch lie in memory when ONNX sees NCHW. */
function imageLayout(info: ConvInfo): readonly number[] {
  return info.dataFormat === 'channelsLast' ? NHWC_IN_NCHW : identity(4);
}

function window(info: ConvInfo): Record<string, number[]> {
  const { padInfo: p } = info;
  return {
    kernel_shape: [info.filterHeight, info.filterWidth],
    pads: [p.top, p.left, p.bottom, p.right],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
  };
}

const inputShape = (i: ConvInfo) => [i.batchSize, i.inChannels, i.inHeight, i.inWidth];
const outputShape = (i: ConvInfo) => [i.batchSize, i.outChannels, i.outHeight, i.outWidth];

function conv2dInfo(
  inShape: readonly number[],
  filterShape: readonly number[],
  attrs: Record<string, never>,
): ConvInfo {
  const { strides, pad, dataFormat = 'NHWC', dilations = 1, dimRoundingMode } = attrs;
  return backend_util.computeConv2DInfo(
    inShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    false,
    backend_util.convertConv2DDataFormat(dataFormat),
  );
}

/** Convolution as a view; `bias` is a vector of output channels. */
export function conv2d(x: View, filter: View, bias: Value | null, info: ConvInfo): View {
  const layout = imageLayout(info);
  const inputs = [inLayout(x, layout), inLayout(filter, HWIO_IN_OIHW)];
  if (bias) inputs.push(bias);
  return { value: op('Conv', inputs, F32, outputShape(info), { attributes: window(info) }), perm: layout };
}

/**
 * Output positions up to which ConvTranspose beats a convolution with the flipped kernel: below, rearranging the
 * kernel costs more than the faster convolution saves.
 */
const FEW_POSITIONS = 64;

/**
 * Gradient to the input. At stride 1 it is a convolution of dy with the flipped kernel, which ONNX Runtime runs
 * two to three times as fast as ConvTranspose.
 */
function inputGradient(dy: View, filter: View, info: ConvInfo): View {
  const layout = imageLayout(info);
  const { filterHeight: kh, filterWidth: kw, padInfo: p } = info;
  const gradient = inLayout(dy, layout);
  const shape = inputShape(info);
  const positions = info.batchSize * info.outHeight * info.outWidth;
  if (info.strideHeight === 1 && info.strideWidth === 1 && (kh * kw === 1 || positions > FEW_POSITIONS)) {
    const dilatedHeight = (kh - 1) * info.dilationHeight;
    const dilatedWidth = (kw - 1) * info.dilationWidth;
    const value = op('Conv', [gradient, flippedKernel(filter, info)], F32, shape, {
      attributes: {
        kernel_shape: [kh, kw],
        pads: [
          dilatedHeight - p.top,
          dilatedWidth - p.left,
          dilatedHeight - p.bottom,
          dilatedWidth - p.right,
        ],
        dilations: [info.dilationHeight, info.dilationWidth],
      },
    });
    return { value, perm: layout };
  }
  return { value: convTranspose(gradient, inLayout(filter, HWIO_IN_OIHW), info, 1), perm: layout };
}

/** The kernel as [in, out, h, w], its taps in reverse order. */
function flippedKernel(
  filter: View,
  { inChannels: c, outChannels: o, filterHeight: kh, filterWidth: kw }: ConvInfo,
): Value {
  if (kh * kw === 1) return inLayout(filter, [2, 3, 0, 1]);
  const taps = reshapeValue(inLayout(filter, [0, 1, 3, 2]), [kh * kw, o, c]);
  const reversed = int64(Array.from({ length: kh * kw }, (_, i) => kh * kw - 1 - i));
  const flipped = op('Gather', [taps, reversed], F32, taps.shape, { attributes: { axis: 0 } });
  return reshapeValue(transposeValue(flipped, [2, 1, 0]), [c, o, kh, kw]);
}

/** ConvTranspose onto the input's shape: rows that no window covered get zero through the output padding. */
function convTranspose(gradient: Value, weights: Value, info: ConvInfo, group: number): Value {
  const { padInfo: p, filterHeight: kh, filterWidth: kw } = info;
  const covered = (out: number, stride: number, dilation: number, k: number, before: number, after: number) =>
    (out - 1) * stride + (k - 1) * dilation + 1 - before - after;
  const extra = [
    info.inHeight - covered(info.outHeight, info.strideHeight, info.dilationHeight, kh, p.top, p.bottom),
    info.inWidth - covered(info.outWidth, info.strideWidth, info.dilationWidth, kw, p.left, p.right),
  ];
  return op('ConvTranspose', [gradient, weights], F32, inputShape(info), {
    attributes: { ...window(info), output_padding: extra, group },
  });
}

/**
 * Gradient to the filter: for each kernel tap the matrix product of dy with the input shifted by the tap. The
 * result is [taps, out, in] in memory.
 */
function filterGradient(x: View, dy: View, info: ConvInfo, onDevice: boolean): View {
  const layout = imageLayout(info);
  const { batchSize: n, inChannels: c, outChannels: o, filterHeight: kh, filterWidth: kw } = info;
  const [input, gradient] = [inLayout(x, layout), inLayout(dy, layout)];
  if (kh * kw > 1 && c <= FEW_CHANNELS) return filterGradientAtOnce(input, gradient, info);
  const stride1 = info.strideHeight === 1 && info.strideWidth === 1;
  // The products are summed over the batch: afterwards, or by one longer product of [channel, image, position].
  const joint = n > 1 && kh * kw * o * c > info.outHeight * info.outWidth * (c + o);
  const images = joint
    ? [input, gradient].map((value) => transposeValue(value, [1, 0, 2, 3]))
    : [input, gradient];
  const parts = n === 1 && !onDevice ? partsOf(info.outHeight * (stride1 ? info.inWidth : info.outWidth)) : 1;
  const batch = parts > 1 ? parts : joint ? 1 : n;
  const pairs = (stride1 ? shiftedPairs : sampledPairs)(images[0], images[1], info, (image) =>
    parts > 1 ? split(image, parts) : matrices(image, joint),
  );
  const products = pairs.map(([shifted, other]) =>
    parts > 1
      ? op('FusedMatMul', [other, shifted], F32, [parts, o, c], SPLIT_PRODUCT)
      : op('MatMul', [other, swapped(shifted)], F32, [batch, o, c]),
  );
  const taps =
    products.length === 1
      ? products[0]
      : op('Concat', products, F32, [kh * kw * batch, o, c], { attributes: { axis: 0 } });
  // [kh, kw, o, c] in memory, HWIO to tfjs.
  return { value: summed(taps, [kh * kw, batch, o, c], [kh, kw, o, c]), perm: [0, 1, 3, 2] };
}

/** Input channels up to which one product with all shifted inputs is faster than one for each. */
const FEW_CHANNELS = 4;

function filterGradientAtOnce(input: Value, gradient: Value, info: ConvInfo): View {
  const { batchSize: n, inChannels: c, outChannels: o, filterHeight: kh, filterWidth: kw } = info;
  const { outHeight, outWidth } = info;
  const rows = kh * kw * c;
  const shifted = op('Concat', sampledInputs(input, info), F32, [n, rows, outHeight, outWidth], {
    attributes: { axis: 1 },
  });
  const products = op('MatMul', [matrices(gradient), swapped(matrices(shifted))], F32, [n, o, rows]);
  return { value: summed(products, [1, n, o, rows], [o, kh, kw, c]), perm: [1, 2, 3, 0] };
}

/**
 * Parts of the sum over the positions that are computed on their own: ONNX Runtime's product of two wide matrices is
 * faster by a third, and exacter, as a sum of products whose operands stay in the cache.
 */
function partsOf(positions: number): number {
  let parts = 1;
  while (positions / parts > 4096 && positions % (2 * parts) === 0) parts *= 2;
  return parts;
}

/** Row by column, for each index of the second axis of [rows, parts, positions] and [columns, parts, positions]. */
const SPLIT_PRODUCT = { domain: 'com.microsoft', attributes: { transB: 1, transBatchA: 1, transBatchB: 1 } };

/** One image as [channels, parts, positions]. */
function split(image: Value, parts: number): Value {
  const [, channels, height, width] = image.shape;
  return reshapeValue(image, [channels, parts, (height * width) / parts]);
}

/** `value`, seen as [taps, batch, ...], summed over the batch and seen as `shape`. */
function summed(
  value: Value,
  seen: readonly [number, number, number, number],
  shape: readonly number[],
): Value {
  const [taps, batch, rows, columns] = seen;
  if (batch === 1) return reshapeValue(value, shape);
  const sums = op('ReduceSum', [reshapeValue(value, seen), int64([1])], F32, [taps, rows, columns], {
    attributes: { keepdims: 0 },
  });
  return reshapeValue(sums, shape);
}

/** Images as matrices of channels and positions; `joint` ones, [channel, image, y, x], as one. */
function matrices(images: Value, joint = false): Value {
  const [first, second, height, width] = images.shape;
  const shape = joint ? [1, first, second * height * width] : [first, second, height * width];
  return reshapeValue(images, shape);
}

type Seen = (images: Value) => Value;

/** A batch of matrices transposed, as a node that ONNX Runtime fuses into its matrix product. */
function swapped(value: Value): Value {
  const [batch, rows, columns] = value.shape;
  return op('Transpose', [value], F32, [batch, columns, rows], { attributes: { perm: [0, 2, 1] } });
}

/**
 * At stride 1: the input shifted by the tap's row and dy shifted against its column, so that kh + kw copies serve
 * all kh * kw taps. Both have dy's height and the input's width.
 */
function shiftedPairs(input: Value, gradient: Value, info: ConvInfo, seen: Seen): [Value, Value][] {
  const { filterHeight: kh, filterWidth: kw, padInfo: p, inHeight, inWidth, outHeight, outWidth } = info;
  const inputs = Array.from({ length: kh }, (_, i) => {
    const top = p.top - i * info.dilationHeight;
    return seen(padImage(input, [top, 0, outHeight - inHeight - top, 0]));
  });
  const gradients = Array.from({ length: kw }, (_, j) => {
    const left = j * info.dilationWidth - p.left;
    return seen(padImage(gradient, [0, left, 0, inWidth - outWidth - left]));
  });
  return inputs.flatMap((shifted) => gradients.map((other): [Value, Value] => [shifted, other]));
}

/** At any stride: the input's positions that the tap meets. */
function sampledPairs(input: Value, gradient: Value, info: ConvInfo, seen: Seen): [Value, Value][] {
  const other = seen(gradient);
  return sampledInputs(input, info).map((sampled): [Value, Value] => [seen(sampled), other]);
}

/** The input's positions that each tap meets. */
function sampledInputs(input: Value, info: ConvInfo): Value[] {
  const { filterHeight: kh, filterWidth: kw, padInfo: p, strideHeight: sh, strideWidth: sw } = info;
  const padded = padImage(input, [p.top, p.left, p.bottom, p.right]);
  const phases = new Map<string, Value>();
  return Array.from({ length: kh * kw }, (_, tap) => {
    const [y, x] = [Math.floor(tap / kw) * info.dilationHeight, (tap % kw) * info.dilationWidth];
    const start = [y % sh, x % sw];
    const key = start.join();
    const phase = phases.get(key) ?? everyNth(padded, start, [sh, sw]);
    phases.set(key, phase);
    return window2d(phase, [Math.floor(y / sh), Math.floor(x / sw)], [info.outHeight, info.outWidth]);
  });
}

/** Every `sh`-th row and `sw`-th column; as a pooling of single elements three times as fast as Slice. */
function everyNth(value: Value, [top, left]: number[], [sh, sw]: number[]): Value {
  if (sh === 1 && sw === 1) return value;
  const [n, c, height, width] = value.shape;
  const [h, w] = [height - top, width - left];
  const shape = [n, c, Math.ceil(h / sh), Math.ceil(w / sw)];
  const attributes = { kernel_shape: [1, 1], strides: [sh, sw] };
  return op('AveragePool', [window2d(value, [top, left], [h, w])], F32, shape, { attributes });
}

/** Rows and columns of zeros added, or taken away where negative. */
function padImage(value: Value, [top, left, bottom, right]: number[]): Value {
  if (top === 0 && left === 0 && bottom === 0 && right === 0) return value;
  const [n, c, h, w] = value.shape;
  return op('Pad', [value, int64([0, 0, top, left, 0, 0, bottom, right])], F32, [
    n,
    c,
    h + top + bottom,
    w + left + right,
  ]);
}

function window2d(value: Value, [top, left]: number[], [h, w]: number[]): Value {
  const [n, c, height, width] = value.shape;
  if (top === 0 && left === 0 && h === height && w === width) return value;
  return op('Slice', [value, int64([top, left]), int64([top + h, left + w]), int64([2, 3])], F32, [
    n,
    c,
    h,
    w,
  ]);
}

function depthwiseInfo(
  inShape: readonly number[],
  filterShape: readonly number[],
  attrs: Record<string, never>,
): ConvInfo {
  const { strides, pad, dataFormat = 'NHWC', dilations, dimRoundingMode } = attrs;
  return backend_util.computeConv2DInfo(
    inShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? [1, 1],
    pad,
    dimRoundingMode,
    true,
    backend_util.convertConv2DDataFormat(dataFormat),
  );
}

/** Depthwise filters [h, w, in, multiplier] as ONNX's grouped [in * multiplier, 1, h, w]. */
function depthwiseWeights(filter: View, info: ConvInfo): Value {
  const value = inLayout(filter, [2, 3, 0, 1]);
  return reshapeValue(value, [info.outChannels, 1, info.filterHeight, info.filterWidth]);
}

export function depthwiseConv2d(x: View, filter: View, bias: Value | null, info: ConvInfo): View {
  const layout = imageLayout(info);
  const inputs = [inLayout(x, layout), depthwiseWeights(filter, info)];
  if (bias) inputs.push(bias);
  const attributes = { ...window(info), group: info.inChannels };
  return { value: op('Conv', inputs, F32, outputShape(info), { attributes }), perm: layout };
}

function output(b: OrtBackend, view: View): tf.TensorInfo {
  return b.output(view, F32);
}

export const convolutionKernels: Kernels = {
  Conv2D: (b, { x, filter }, attrs) =>
    output(b, conv2d(b.view(x), b.view(filter), null, conv2dInfo(x.shape, filter.shape, attrs))),
  Conv2DBackpropInput: (b, { dy, filter }, attrs) => {
    const info = conv2dInfo(attrs.inputShape, filter.shape, attrs);
    // conv2dTranspose may pass more rows and columns than the shapes call for; tfjs reads the first.
    const gradient = sliceView(b.view(dy), [0, 0, 0, 0], info.outShape);
    return output(b, inputGradient(gradient, b.view(filter), info));
  },
  Conv2DBackpropFilter: (b, { x, dy }, attrs) => {
    const info = conv2dInfo(x.shape, attrs.filterShape, attrs);
    return output(b, filterGradient(b.view(x), b.view(dy), info, b.runtime.device !== undefined));
  },
  DepthwiseConv2dNative: (b, { x, filter }, attrs) =>
    output(b, depthwiseConv2d(b.view(x), b.view(filter), null, depthwiseInfo(x.shape, filter.shape, attrs))),
  DepthwiseConv2dNativeBackpropInput: (b, { dy, filter }, attrs) => {
    const info = depthwiseInfo(attrs.inputShape, filter.shape, attrs);
    const layout = imageLayout(info);
    const weights = depthwiseWeights(b.view(filter), info);
    return output(b, {
      value: convTranspose(inLayout(b.view(dy), layout), weights, info, info.inChannels),
      perm: layout,
    });
  },
  DepthwiseConv2dNativeBackpropFilter: (b, { x, dy }, attrs) => {
    const info = depthwiseInfo(x.shape, attrs.filterShape, attrs);
    const { batchSize: n, inChannels: c, filterHeight: kh, filterWidth: kw } = info;
    const { outHeight: h, outWidth: w } = info;
    const multiplier = info.outChannels / c;
    const layout = imageLayout(info);
    const gradient = reshapeValue(inLayout(b.view(dy), layout), [n, c, multiplier, h, w]);
    const taps = sampledInputs(inLayout(b.view(x), layout), info).map((sampled) => {
      const shape = [n, c, multiplier, h, w];
      const product = op('Mul', [reshapeValue(sampled, [n, c, 1, h, w]), gradient], F32, shape);
      return op('ReduceSum', [product, int64([0, 3, 4])], F32, [1, c, multiplier, 1, 1], {
        attributes: { keepdims: 1 },
      });
    });
    const stacked =
      taps.length === 1
        ? taps[0]
        : op('Concat', taps, F32, [kh * kw, c, multiplier, 1, 1], { attributes: { axis: 0 } });
    return output(b, { value: reshapeValue(stacked, [kh, kw, c, multiplier]), perm: identity(4) });
  },
};

export { conv2dInfo, depthwiseInfo };
