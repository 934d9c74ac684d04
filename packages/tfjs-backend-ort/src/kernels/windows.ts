import type * as tf from '@tensorflow/tfjs';
import { reshapeValue } from '../graph/transpose.js';
import { constant, int64, op, scalar, sizeOf, type Value } from '../graph/value.js';

const F32 = 'float32';

/** Windows that slide over the spatial axes of [batch, channels, ...spatial]. */
export interface Windows {
  batch: number;
  channels: number;
  input: number[];
  output: number[];
  kernel: number[];
  strides: number[];
  dilations: number[];
  /** Padding before and behind each spatial axis, as far as a window reaches it. */
  before: number[];
  after: number[];
}

function windows(w: Omit<Windows, 'after'>): Windows {
  const after = w.input.map((size, i) => {
    const covered = (w.output[i] - 1) * w.strides[i] + (w.kernel[i] - 1) * w.dilations[i] + 1;
    return Math.max(0, covered - size - w.before[i]);
  });
  return { ...w, after };
}

export function windows2d(i: tf.backend_util.Conv2DInfo): Windows {
  return windows({
    batch: i.batchSize,
    channels: i.inChannels,
    input: [i.inHeight, i.inWidth],
    output: [i.outHeight, i.outWidth],
    kernel: [i.filterHeight, i.filterWidth],
    strides: [i.strideHeight, i.strideWidth],
    dilations: [i.dilationHeight, i.dilationWidth],
    before: [i.padInfo.top, i.padInfo.left],
  });
}

export function windows3d(i: tf.backend_util.Conv3DInfo): Windows {
  return windows({
    batch: i.batchSize,
    channels: i.inChannels,
    input: [i.inDepth, i.inHeight, i.inWidth],
    output: [i.outDepth, i.outHeight, i.outWidth],
    kernel: [i.filterDepth, i.filterHeight, i.filterWidth],
    strides: [i.strideDepth, i.strideHeight, i.strideWidth],
    dilations: [i.dilationDepth, i.dilationHeight, i.dilationWidth],
    before: [i.padInfo.front, i.padInfo.top, i.padInfo.left],
  });
}

/** The attributes of ONNX's Conv and pooling ops. */
export function windowAttributes(w: Windows): Record<string, number[]> {
  return {
    kernel_shape: w.kernel,
    strides: w.strides,
    dilations: w.dilations,
    pads: [...w.before, ...w.after],
  };
}

export const inputShape = (w: Windows) => [w.batch, w.channels, ...w.input];
export const outputShape = (w: Windows) => [w.batch, w.channels, ...w.output];
export const isPadded = (w: Windows) => [...w.before, ...w.after].some((p) => p > 0);
export const spatialAxes = (w: Windows) => w.input.map((_, i) => i + 2);

/** Every position in a window, row-major. */
export function taps(w: Windows): number[][] {
  return Array.from({ length: sizeOf(w.kernel) }, (_, flat) => {
    const index = new Array<number>(w.kernel.length);
    let rest = flat;
    for (let axis = w.kernel.length - 1; axis >= 0; axis--) {
      index[axis] = rest % w.kernel[axis];
      rest = Math.floor(rest / w.kernel[axis]);
    }
    return index;
  });
}

/** Windows that tile the input exactly: each input element belongs to one. */
export function tiles(w: Windows): boolean {
  return (
    !isPadded(w) &&
    w.input.every((size, i) => w.strides[i] === w.kernel[i] && w.output[i] * w.kernel[i] === size)
  );
}

/** [batch, channels, ...spatial] with the padding made explicit. */
export function padded(w: Windows, x: Value, fill: number): Value {
  if (!isPadded(w)) return x;
  const shape = [...x.shape.slice(0, 2), ...w.input.map((size, i) => size + w.before[i] + w.after[i])];
  return op('Pad', [x, int64([0, 0, ...w.before, 0, 0, ...w.after]), scalar(fill)], F32, shape);
}

/** What lies under one tap of every window of the padded input: [batch, channels, ...output]. */
export function underTap(w: Windows, paddedInput: Value, tap: readonly number[]): Value {
  const begin = tap.map((t, i) => t * w.dilations[i]);
  const end = begin.map((b, i) => b + (w.output[i] - 1) * w.strides[i] + 1);
  const shape = [...paddedInput.shape.slice(0, 2), ...w.output];
  const inputs = [paddedInput, int64(begin), int64(end), int64(spatialAxes(w)), int64(w.strides)];
  return op('Slice', inputs, F32, shape);
}

/**
 * Adds `tap(index)`, [batch, channels, ...output], onto the input elements under that tap: [batch, channels, ...input].
 * It is a transposed convolution from one channel per tap, whose kernel puts each tap in its place.
 */
export function scatterTaps(w: Windows, tap: (index: readonly number[]) => Value): Value {
  const indices = taps(w);
  const images = w.batch * w.channels;
  const each = indices.map((index) => reshapeValue(tap(index), [images, 1, ...w.output]));
  const stacked =
    each.length === 1
      ? each[0]
      : op('Concat', each, F32, [images, each.length, ...w.output], { attributes: { axis: 1 } });
  const places = new Float32Array(indices.length ** 2);
  for (let i = 0; i < indices.length; i++) places[i * (indices.length + 1)] = 1;
  const reach = w.input.map(
    (_, i) =>
      (w.output[i] - 1) * w.strides[i] + (w.kernel[i] - 1) * w.dilations[i] + 1 - w.before[i] - w.after[i],
  );
  const summed = op(
    'ConvTranspose',
    [stacked, constant(F32, [indices.length, 1, ...w.kernel], places)],
    F32,
    [images, 1, ...w.input],
    { attributes: { ...windowAttributes(w), output_padding: w.input.map((size, i) => size - reach[i]) } },
  );
  return reshapeValue(summed, inputShape(w));
}

/** How many elements of the unpadded input each window covers, at least one, [1, 1, ...output]. */
export function coverage(w: Windows): Value {
  let product: Value | undefined;
  w.output.forEach((length, axis) => {
    const counts = new Float32Array(length);
    for (let o = 0; o < length; o++) {
      for (let k = 0; k < w.kernel[axis]; k++) {
        const at = o * w.strides[axis] + k * w.dilations[axis] - w.before[axis];
        if (at >= 0 && at < w.input[axis]) counts[o]++;
      }
    }
    for (let o = 0; o < length; o++) counts[o] = Math.max(1, counts[o]);
    const shape = [1, 1, ...w.output.map((size, i) => (i === axis ? size : 1))];
    const factor = constant(F32, shape, counts);
    product =
      product === undefined
        ? factor
        : op('Mul', [product, factor], F32, [1, 1, ...w.output.map((size, i) => (i <= axis ? size : 1))]);
  });
  return product!;
}
