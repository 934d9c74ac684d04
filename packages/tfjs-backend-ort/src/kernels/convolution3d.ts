import * as tf from '@tensorflow/tfjs';
import { reshapeValue } from '../graph/transpose.js';
import { int64, op, sizeOf, type Value } from '../graph/value.js';
import { inLayout } from '../graph/view.js';
import type { Attrs, Kernels } from './kernel.js';
import { inputShape, padded, taps, underTap, type Windows, windowAttributes, windows3d } from './windows.js';

const F32 = 'float32';
const NDHWC_IN_NCDHW: readonly number[] = [0, 2, 3, 4, 1];
const DHWIO_IN_OIDHW: readonly number[] = [2, 3, 4, 1, 0];

type Shape5 = [number, number, number, number, number];

function geometry(shape: readonly number[], filterShape: readonly number[], attrs: Attrs): Windows {
  const { strides, pad, dilations = 1 } = attrs;
  return windows3d(
    tf.backend_util.computeConv3DInfo(shape as Shape5, filterShape as Shape5, strides, dilations, pad),
  );
}

/** tfjs defines its 3-D convolutions for channels-last tensors. */
export const convolution3dKernels: Kernels = {
  Conv3D: (b, { x, filter }, attrs) => {
    const w = geometry(x.shape, filter.shape, attrs);
    const inputs = [inLayout(b.view(x), NDHWC_IN_NCDHW), inLayout(b.view(filter), DHWIO_IN_OIDHW)];
    const shape = [w.batch, filter.shape[4], ...w.output];
    const value = op('Conv', inputs, F32, shape, { attributes: windowAttributes(w) });
    return b.output({ value, perm: NDHWC_IN_NCDHW }, F32);
  },
  Conv3DBackpropInputV2: (b, { dy, filter }, attrs) => {
    const w = geometry(attrs.inputShape, filter.shape, attrs);
    const covered = w.output.map(
      (size, i) =>
        (size - 1) * w.strides[i] + (w.kernel[i] - 1) * w.dilations[i] + 1 - w.before[i] - w.after[i],
    );
    const inputs = [inLayout(b.view(dy), NDHWC_IN_NCDHW), inLayout(b.view(filter), DHWIO_IN_OIDHW)];
    const value = op('ConvTranspose', inputs, F32, inputShape(w), {
      attributes: { ...windowAttributes(w), output_padding: w.input.map((size, i) => size - covered[i]) },
    });
    return b.output({ value, perm: NDHWC_IN_NCDHW }, F32);
  },
  /** One matrix product per kernel tap, dy against the input shifted by the tap. */
  Conv3DBackpropFilterV2: (b, { x, dy }, attrs) => {
    const w = geometry(x.shape, attrs.filterShape, attrs);
    const [n, c, o, places] = [w.batch, w.channels, dy.shape[4], sizeOf(w.output)];
    const gradient = reshapeValue(inLayout(b.view(dy), NDHWC_IN_NCDHW), [n, o, places]);
    const columns = op('Transpose', [gradient], F32, [n, places, o], { attributes: { perm: [0, 2, 1] } });
    const input = padded(w, inLayout(b.view(x), NDHWC_IN_NCDHW), 0);
    const products = taps(w).map((tap): Value => {
      const shifted = reshapeValue(underTap(w, input, tap), [n, c, places]);
      const product = op('MatMul', [shifted, columns], F32, [n, c, o]);
      return op('ReduceSum', [product, int64([0])], F32, [1, c, o], { attributes: { keepdims: 1 } });
    });
    const stacked =
      products.length === 1
        ? products[0]
        : op('Concat', products, F32, [products.length, c, o], { attributes: { axis: 0 } });
    return b.output({ value: reshapeValue(stacked, attrs.filterShape), perm: [0, 1, 2, 3, 4] }, F32);
  },
};
