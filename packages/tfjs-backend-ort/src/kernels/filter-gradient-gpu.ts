import type * as tf from '@tensorflow/tfjs';
import { reshapeValue, transposeValue } from '../graph/transpose.js';
import { int64, op, type Value } from '../graph/value.js';
import type { View } from '../graph/view.js';
import { sampledInputs, shiftedImages } from './shifted-images.js';

type ConvInfo = tf.backend_util.Conv2DInfo;

const F32 = 'float32';

/**
 * On a GPU: gradient to the filter, of an image batch and the gradient to the convolution's result, both [n, channels, h, w]: one
 * product of all shifted gradients with all shifted inputs, over all positions of all images, in parts (decision 0027).
 *
 * @param fused whether the provider has FusedMatMul
 */
export function filterGradientOnGpu(input: Value, gradient: Value, info: ConvInfo, fused: boolean): View {
  const { batchSize: n, inChannels: c, outChannels: o, filterHeight: kh, filterWidth: kw } = info;
  const stride1 = info.strideHeight === 1 && info.strideWidth === 1;
  const [height, width] = stride1 ? [kw * o, kh * c] : [o, kh * kw * c];
  const tiles = Math.ceil(height / TILE) * Math.ceil(width / TILE);
  const positions = info.outHeight * (stride1 ? info.inWidth : info.outWidth);
  const byImage = n > 1 && positions >= FEW_POSITIONS && n * tiles >= ENOUGH_TILES;
  const joint = n > 1 && !byImage;
  // [channel, image, y, x] if the parts of the sum are to be others than the images
  const [x, dy] = joint
    ? [input, gradient].map((value) => transposeValue(value, [1, 0, 2, 3]))
    : [input, gradient];
  const { inputs, gradients } = stride1
    ? shiftedImages(x, dy, info)
    : { inputs: sampledInputs(x, info), gradients: [dy] };
  const [rows, columns] = [gradients, inputs].map((images) => inChannels(images, joint ? 0 : 1));
  const parts = byImage ? n : partsOf(n * positions, tiles);
  const products = byImage
    ? productsOfImages(rows, columns, [n, height, width])
    : productsOfParts(rows, columns, [parts, height, width], fused);
  const sum =
    parts === 1
      ? products
      : op('ReduceSum', [products, int64([0])], F32, [height, width], { attributes: { keepdims: 0 } });
  return stride1
    ? { value: reshapeValue(sum, [kw, o, kh, c]), perm: [2, 0, 3, 1] }
    : { value: reshapeValue(sum, [o, kh, kw, c]), perm: [1, 2, 3, 0] };
}

/** Images side by side along the axis of the channels. */
function inChannels(images: Value[], axis: number): Value {
  if (images.length === 1) return images[0];
  const shape = images[0].shape.map((length, i) => (i === axis ? images.length * length : length));
  return op('Concat', images, F32, shape, { attributes: { axis } });
}

/** The product of the rows and columns of each image. */
function productsOfImages(rows: Value, columns: Value, shape: [number, number, number]): Value {
  const [n, height, width] = shape;
  const positions = rows.size / n / height;
  const right = transposeValue(reshapeValue(columns, [n, width, positions]), [0, 2, 1]);
  return op('MatMul', [reshapeValue(rows, [n, height, positions]), right], F32, shape);
}

/** The product of rows and columns in parts, [parts, height, width]. */
function productsOfParts(
  rows: Value,
  columns: Value,
  shape: [number, number, number],
  fused: boolean,
): Value {
  const [parts, height, width] = shape;
  const split = (images: Value, length: number) =>
    reshapeValue(images, [length, parts, images.size / length / parts]);
  const [left, right] = [split(rows, height), split(columns, width)];
  if (fused) {
    const attributes = { transB: 1, transBatchA: 1, transBatchB: 1 };
    return op('FusedMatMul', [left, right], F32, shape, { domain: 'com.microsoft', attributes });
  }
  return op('MatMul', [transposeValue(left, [1, 0, 2]), transposeValue(right, [1, 2, 0])], F32, shape);
}

/**
 * A GPU computes each tile of a product on one of its units: in one part a product of few rows and columns leaves most of them
 * idle, however long it is.
 */
function partsOf(positions: number, tiles: number): number {
  let parts = 1;
  const halves = () => positions % (2 * parts) === 0 && positions / (2 * parts) >= FEW_POSITIONS;
  while (parts * tiles < ENOUGH_TILES && halves()) parts *= 2;
  return parts;
}

/** Rows and columns of a tile. */
const TILE = 64;
/** Tiles that keep a large GPU busy: about two for each of its units. */
const ENOUGH_TILES = 256;
/** Positions of a part from which its product is worth being started. */
const FEW_POSITIONS = 512;
