import type * as tf from '@tensorflow/tfjs';
import { reshapeValue, transposeValue } from '../graph/transpose.js';
import { int64, op, type Value } from '../graph/value.js';
import type { View } from '../graph/view.js';
import { sampledInputs, shiftedImages } from './shifted-images.js';

type ConvInfo = tf.backend_util.Conv2DInfo;

const F32 = 'float32';

/**
 * On a processor: gradient to the filter, of an image batch and the gradient to the convolution's result, both
 * [n, channels, h, w]: for each kernel tap the matrix product of the gradient with the input shifted by the tap. The result is
 * [taps, out, in] in memory.
 */
export function filterGradient(input: Value, gradient: Value, info: ConvInfo): View {
  const { batchSize: n, inChannels: c, outChannels: o, filterHeight: kh, filterWidth: kw } = info;
  if (kh * kw > 1 && c <= FEW_CHANNELS) return filterGradientAtOnce(input, gradient, info);
  const stride1 = info.strideHeight === 1 && info.strideWidth === 1;
  // The products are summed over the batch: afterwards, or by one longer product of [channel, image, position].
  const joint = n > 1 && kh * kw * o * c > info.outHeight * info.outWidth * (c + o);
  const images = joint
    ? [input, gradient].map((value) => transposeValue(value, [1, 0, 2, 3]))
    : [input, gradient];
  const parts = n === 1 ? partsOf(info.outHeight * (stride1 ? info.inWidth : info.outWidth)) : 1;
  const batch = parts > 1 ? parts : joint ? 1 : n;
  const seen = (image: Value) => (parts > 1 ? split(image, parts) : matrices(image, joint));
  const products = pairs(images[0], images[1], info, seen).map(([shifted, other]) =>
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

/** A batch of matrices transposed, as a node that ONNX Runtime fuses into its matrix product. */
function swapped(value: Value): Value {
  const [batch, rows, columns] = value.shape;
  return op('Transpose', [value], F32, [batch, columns, rows], { attributes: { perm: [0, 2, 1] } });
}

/** The input's and the gradient's images whose product is each tap's. */
function pairs(
  input: Value,
  gradient: Value,
  info: ConvInfo,
  seen: (images: Value) => Value,
): [Value, Value][] {
  if (info.strideHeight !== 1 || info.strideWidth !== 1) {
    const other = seen(gradient);
    return sampledInputs(input, info).map((sampled): [Value, Value] => [seen(sampled), other]);
  }
  const { inputs, gradients } = shiftedImages(input, gradient, info);
  const [rows, columns] = [inputs.map(seen), gradients.map(seen)];
  return rows.flatMap((shifted) => columns.map((other): [Value, Value] => [shifted, other]));
}
