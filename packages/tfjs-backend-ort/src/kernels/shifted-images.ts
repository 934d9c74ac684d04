import type * as tf from '@tensorflow/tfjs';
import { int64, op, type Value } from '../graph/value.js';

type ConvInfo = tf.backend_util.Conv2DInfo;

const F32 = 'float32';

/**
 * At stride 1: the input shifted by each row of the kernel and the gradient shifted against each of its columns, so that
 * kh + kw copies serve all kh * kw taps. All have the gradient's height and the input's width.
 */
export function shiftedImages(
  input: Value,
  gradient: Value,
  info: ConvInfo,
): { inputs: Value[]; gradients: Value[] } {
  const { filterHeight: kh, filterWidth: kw, padInfo: p, inHeight, inWidth, outHeight, outWidth } = info;
  const inputs = Array.from({ length: kh }, (_, i) => {
    const top = p.top - i * info.dilationHeight;
    return padImage(input, [top, 0, outHeight - inHeight - top, 0]);
  });
  const gradients = Array.from({ length: kw }, (_, j) => {
    const left = j * info.dilationWidth - p.left;
    return padImage(gradient, [0, left, 0, inWidth - outWidth - left]);
  });
  return { inputs, gradients };
}

/** At any stride: the input's positions that each tap meets. */
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
