import type * as tf from '@tensorflow/tfjs';
import { reshapeValue, transposeValue } from '../graph/transpose.js';
import { int64, op, type Value } from '../graph/value.js';
import type { View } from '../graph/view.js';
import type { KernelBackend } from './kernel.js';

type ConvInfo = tf.backend_util.Conv2DInfo;

const F32 = 'float32';

/**
 * Gradient to the filter, of an image batch and the gradient to the convolution's result, both [n, channels, h, w]: for
 * each kernel tap the matrix product of the gradient with the input shifted by the tap. The result is [taps, out, in] in
 * memory.
 */
export function filterGradient(
  input: Value,
  gradient: Value,
  info: ConvInfo,
  { isCpu, device }: KernelBackend['runtime'],
): View {
  const { batchSize: n, inChannels: c, outChannels: o, filterHeight: kh, filterWidth: kw } = info;
  if (kh * kw > 1 && c <= FEW_CHANNELS) return filterGradientAtOnce(input, gradient, info);
  const stride1 = info.strideHeight === 1 && info.strideWidth === 1;
  const positions = info.outHeight * (stride1 ? info.inWidth : info.outWidth);
  const parts = isCpu ? (n === 1 ? partsInCache(positions) : 1) : partsOnGpu(n * positions, [o, c]);
  // The products are summed over the batch: afterwards, or by one longer product of [channel, image, position].
  const joint = n > 1 && (parts > 1 || kh * kw * o * c > info.outHeight * info.outWidth * (c + o));
  const seen = parts > 1 ? inParts(parts, joint, device ? 'MatMul' : 'FusedMatMul') : whole(joint);
  const images = joint
    ? [input, gradient].map((value) => transposeValue(value, [1, 0, 2, 3]))
    : [input, gradient];
  const pairs = (stride1 ? shiftedPairs : sampledPairs)(images[0], images[1], info, seen);
  const batch = parts > 1 ? parts : joint ? 1 : n;
  const products = pairs.map(([shifted, other]) => seen.product(other, shifted, [batch, o, c]));
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

/** How the images of a product are seen, and the product of each gradient with the shifted input. */
interface Seen {
  input(images: Value): Value;
  gradient(images: Value): Value;
  product(gradient: Value, input: Value, shape: readonly number[]): Value;
}

const whole = (joint: boolean): Seen => ({
  input: (images) => matrices(images, joint),
  gradient: (images) => matrices(images, joint),
  product: (gradient, input, shape) => op('MatMul', [gradient, swapped(input)], F32, shape),
});

/**
 * The sum over the positions as a sum of `parts` products. `FusedMatMul` multiplies row by column, for each index of the second
 * axis of [rows, parts, positions] and [columns, parts, positions]; where a provider has none, copies bring that axis to the front.
 */
function inParts(parts: number, joint: boolean, type: 'FusedMatMul' | 'MatMul'): Seen {
  if (type === 'FusedMatMul') {
    const options = { domain: 'com.microsoft', attributes: { transB: 1, transBatchA: 1, transBatchB: 1 } };
    return {
      input: (images) => split(images, parts, joint),
      gradient: (images) => split(images, parts, joint),
      product: (gradient, input, shape) => op(type, [gradient, input], F32, shape, options),
    };
  }
  return {
    input: (images) => transposeValue(split(images, parts, joint), [1, 2, 0]),
    gradient: (images) => transposeValue(split(images, parts, joint), [1, 0, 2]),
    product: (gradient, input, shape) => op(type, [gradient, input], F32, shape),
  };
}

/**
 * Parts of the sum over the positions of one image on a processor: ONNX Runtime's product of two wide matrices is faster by a
 * third, and exacter, as a sum of products whose operands stay in the cache.
 */
function partsInCache(positions: number): number {
  let parts = 1;
  while (positions / parts > 4096 && positions % (2 * parts) === 0) parts *= 2;
  return parts;
}

/**
 * Parts of the sum over all positions on a GPU, which computes each tile of a product on one of its units: without parts a product
 * of few rows and columns leaves most of them idle, however long it is (decision 0027).
 */
function partsOnGpu(positions: number, rowsAndColumns: readonly [number, number]): number {
  const tiles = rowsAndColumns.map((length) => Math.ceil(length / GPU_TILE)).reduce((a, b) => a * b);
  let parts = 1;
  const halve = () => positions % (2 * parts) === 0 && positions / (2 * parts) >= GPU_POSITIONS;
  while (parts * tiles < GPU_PRODUCTS && halve()) parts *= 2;
  return parts;
}

/** Rows and columns of a tile. */
const GPU_TILE = 64;
/** Tiles that keep a large GPU busy: about two for each of its units. */
const GPU_PRODUCTS = 256;
/** Positions of a part from which its product is worth being started. */
const GPU_POSITIONS = 512;

/** One image, or `joint` ones, as [channels, parts, positions]. */
function split(images: Value, parts: number, joint: boolean): Value {
  const channels = images.shape[joint ? 0 : 1];
  return reshapeValue(images, [channels, parts, images.size / channels / parts]);
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

/** A batch of matrices transposed, as a node that ONNX Runtime fuses into its matrix product. */
function swapped(value: Value): Value {
  const [batch, rows, columns] = value.shape;
  return op('Transpose', [value], F32, [batch, columns, rows], { attributes: { perm: [0, 2, 1] } });
}

/**
 * At stride 1: the input shifted by the tap's row and the gradient shifted against its column, so that kh + kw copies
 * serve all kh * kw taps. Both have the gradient's height and the input's width.
 */
function shiftedPairs(input: Value, gradient: Value, info: ConvInfo, seen: Seen): [Value, Value][] {
  const { filterHeight: kh, filterWidth: kw, padInfo: p, inHeight, inWidth, outHeight, outWidth } = info;
  const inputs = Array.from({ length: kh }, (_, i) => {
    const top = p.top - i * info.dilationHeight;
    return seen.input(padImage(input, [top, 0, outHeight - inHeight - top, 0]));
  });
  const gradients = Array.from({ length: kw }, (_, j) => {
    const left = j * info.dilationWidth - p.left;
    return seen.gradient(padImage(gradient, [0, left, 0, inWidth - outWidth - left]));
  });
  return inputs.flatMap((shifted) => gradients.map((other): [Value, Value] => [shifted, other]));
}

/** At any stride: the input's positions that the tap meets. */
function sampledPairs(input: Value, gradient: Value, info: ConvInfo, seen: Seen): [Value, Value][] {
  const other = seen.gradient(gradient);
  return sampledInputs(input, info).map((sampled): [Value, Value] => [seen.input(sampled), other]);
}

/** The input's positions that each tap meets. */
export function sampledInputs(input: Value, info: ConvInfo): Value[] {
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
