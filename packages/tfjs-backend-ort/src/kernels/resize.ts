import type * as tf from '@tensorflow/tfjs';
import { constant, op, scalar, type Value } from '../graph/value.js';
import { inLayout, NHWC_IN_NCHW } from '../graph/view.js';
import { type Attrs, cast, type KernelBackend, type Kernels } from './kernel.js';
import { repeatBlocks } from './repeat-blocks.js';

const F32 = 'float32';

/**
 * Resizing is linear and separable: out = R x C^T per channel, with R [outH, h] and C [outW, w] small constants.
 * So the bilinear kernel, its gradient and every other case is two matrix products.
 */
function separable(x: Value, rows: Value, columns: Value): Value {
  const [n, c, h, w] = x.shape;
  const [outH] = rows.shape;
  const [outW] = columns.shape;
  const wide = op(
    'MatMul',
    [x, op('Transpose', [columns], F32, [w, outW], { attributes: { perm: [1, 0] } })],
    F32,
    [n, c, h, outW],
  );
  return op('MatMul', [rows, wide], F32, [n, c, outH, outW]);
}

interface Sampling {
  alignCorners: boolean;
  halfPixelCenters: boolean;
}

/** Row i holds the weights with which output i reads the inputs, as tfjs's `cpu` kernels compute them. */
function bilinearMatrix(
  inSize: number,
  outSize: number,
  { alignCorners, halfPixelCenters }: Sampling,
): Float32Array {
  const matrix = new Float32Array(outSize * inSize);
  const shrink = alignCorners && outSize > 1 ? 1 : 0;
  const scale = (inSize - shrink) / (outSize - shrink);
  for (let i = 0; i < outSize; i++) {
    const source = Math.max(0, halfPixelCenters ? scale * (i + 0.5) - 0.5 : scale * i);
    const low = Math.floor(source);
    const high = Math.min(inSize - 1, Math.ceil(source));
    const fraction = source - low;
    matrix[i * inSize + low] += 1 - fraction;
    matrix[i * inSize + high] += fraction;
  }
  return matrix;
}

function nearestMatrix(
  inSize: number,
  outSize: number,
  { alignCorners, halfPixelCenters }: Sampling,
): Float32Array {
  const matrix = new Float32Array(outSize * inSize);
  const shrink = alignCorners && outSize > 1 ? 1 : 0;
  const scale = (inSize - shrink) / (outSize - shrink);
  for (let i = 0; i < outSize; i++) {
    const source = halfPixelCenters ? scale * (i + 0.5) : scale * i;
    let nearest = Math.min(inSize - 1, alignCorners ? Math.round(source) : Math.floor(source));
    if (halfPixelCenters) nearest = Math.max(0, nearest);
    matrix[i * inSize + nearest] = 1;
  }
  return matrix;
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(matrix.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[j * rows + i] = matrix[i * columns + j];
  return out;
}

type MakeMatrix = typeof bilinearMatrix;

function forward(
  b: KernelBackend,
  images: tf.TensorInfo,
  size: [number, number],
  attrs: Sampling,
  make: MakeMatrix,
): tf.TensorInfo {
  const [, h, w] = images.shape;
  const [outH, outW] = size;
  const input = cast(inLayout(b.view(images), NHWC_IN_NCHW), F32);
  const rows = constant(F32, [outH, h], make(h, outH, attrs));
  const columns = constant(F32, [outW, w], make(w, outW, attrs));
  return b.output({ value: separable(input, rows, columns), perm: NHWC_IN_NCHW }, F32);
}

function gradient(
  b: KernelBackend,
  dy: tf.TensorInfo,
  images: tf.TensorInfo,
  attrs: Sampling,
  make: MakeMatrix,
): tf.TensorInfo {
  const [, h, w] = images.shape;
  const [, outH, outW] = dy.shape;
  const input = inLayout(b.view(dy), NHWC_IN_NCHW);
  const rows = constant(F32, [h, outH], transposed(make(h, outH, attrs), outH, h));
  const columns = constant(F32, [w, outW], transposed(make(w, outW, attrs), outW, w));
  return b.output({ value: separable(input, rows, columns), perm: NHWC_IN_NCHW }, F32);
}

/** An integer enlargement without shifted sampling: every element becomes a block. */
function blockFactors(
  from: readonly number[],
  to: readonly number[],
  { alignCorners }: Sampling,
): [number, number] | null {
  const fh = to[0] / from[0];
  const fw = to[1] / from[1];
  return !alignCorners && Number.isInteger(fh) && Number.isInteger(fw) ? [fh, fw] : null;
}

function sumBlocks(x: Value, [fh, fw]: [number, number]): Value {
  const [n, c, h, w] = x.shape;
  const shape = [n, c, h / fh, w / fw];
  const mean = op('AveragePool', [x], F32, shape, {
    attributes: { kernel_shape: [fh, fw], strides: [fh, fw] },
  });
  return op('Mul', [mean, scalar(fh * fw)], F32, shape);
}

const sampling = ({ alignCorners, halfPixelCenters }: Attrs): Sampling => ({
  alignCorners: alignCorners ?? false,
  halfPixelCenters: halfPixelCenters ?? false,
});

export const resizeKernels: Kernels = {
  ResizeBilinear: (b, { images }, attrs) => forward(b, images, attrs.size, sampling(attrs), bilinearMatrix),
  ResizeBilinearGrad: (b, { dy, images }, attrs) => gradient(b, dy, images, sampling(attrs), bilinearMatrix),
  ResizeNearestNeighbor: (b, { images }, attrs) => {
    const factors = blockFactors(images.shape.slice(1, 3), attrs.size, sampling(attrs));
    if (!factors || images.dtype !== 'float32')
      return forward(b, images, attrs.size, sampling(attrs), nearestMatrix);
    const value = repeatBlocks(inLayout(b.view(images), NHWC_IN_NCHW), factors);
    return b.output({ value, perm: NHWC_IN_NCHW }, F32);
  },
  ResizeNearestNeighborGrad: (b, { dy, images }, attrs) => {
    const factors = blockFactors(images.shape.slice(1, 3), dy.shape.slice(1, 3), sampling(attrs));
    if (!factors) return gradient(b, dy, images, sampling(attrs), nearestMatrix);
    return b.output(
      { value: sumBlocks(inLayout(b.view(dy), NHWC_IN_NCHW), factors), perm: NHWC_IN_NCHW },
      F32,
    );
  },
};
