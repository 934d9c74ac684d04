import * as tf from '@tensorflow/tfjs';
import { reshapeValue, transposeValue } from '../graph/transpose.js';
import { int64, op, type Value } from '../graph/value.js';
import { HWIO_IN_OIHW, identity, inLayout, NHWC_IN_NCHW, type View } from '../graph/view.js';
import { filterGradient } from './filter-gradient.js';
import { filterGradientOnGpu } from './filter-gradient-gpu.js';
import type { KernelBackend, Kernels } from './kernel.js';
import { sliceView } from './shape.js';
import { sampledInputs } from './shifted-images.js';

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

function output(b: KernelBackend, view: View): tf.TensorInfo {
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
    const layout = imageLayout(info);
    const [image, gradient] = [inLayout(b.view(x), layout), inLayout(b.view(dy), layout)];
    const { isCpu, device } = b.runtime;
    const view = isCpu
      ? filterGradient(image, gradient, info)
      : filterGradientOnGpu(image, gradient, info, device === undefined);
    return output(b, view);
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
