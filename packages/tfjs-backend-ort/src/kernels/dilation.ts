import * as tf from '@tensorflow/tfjs';
import { reshapeValue } from '../graph/transpose.js';
import { int64, op, scalar, type Value } from '../graph/value.js';
import { identity, inLayout, NHWC_IN_NCHW } from '../graph/view.js';
import type { Attrs, Inputs, KernelBackend, Kernels } from './kernel.js';
import { outputShape, padded, scatterTaps, taps, underTap, type Windows, windows2d } from './windows.js';

const F32 = 'float32';

interface Dilation {
  w: Windows;
  /** Input plus filter under one tap, [batch, channels, ...output]. */
  candidates: Value[];
  largest: Value;
}

/** Greyscale dilation: the largest of input plus filter in each window. */
function dilation(b: KernelBackend, { x, filter }: Inputs, { strides, pad, dilations }: Attrs): Dilation {
  const info = tf.backend_util.computeDilation2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number],
    strides,
    pad,
    'NHWC',
    dilations,
  );
  const w = windows2d(info);
  const shape = outputShape(w);
  const input = padded(w, inLayout(b.view(x), NHWC_IN_NCHW), -Infinity);
  const rows = reshapeValue(inLayout(b.view(filter), [0, 1, 2]), [taps(w).length, w.channels, 1, 1]);
  const candidates = taps(w).map((tap, i) => {
    const weight = op('Slice', [rows, int64([i]), int64([i + 1]), int64([0])], F32, [1, w.channels, 1, 1]);
    return op('Add', [underTap(w, input, tap), weight], F32, shape);
  });
  return { w, candidates, largest: op('Max', candidates, F32, shape) };
}

/** dy where each tap is the first that attains its window's maximum, zero elsewhere. */
function shares({ w, candidates, largest }: Dilation, dy: Value): Value[] {
  const shape = outputShape(w);
  let rest = dy;
  return candidates.map((candidate) => {
    const hit = op('Equal', [candidate, largest], 'bool', shape);
    const share = op('Where', [hit, rest, scalar(0)], F32, shape);
    rest = op('Where', [hit, scalar(0), rest], F32, shape);
    return share;
  });
}

export const dilationKernels: Kernels = {
  Dilation2D: (b, inputs, attrs) => {
    const { largest } = dilation(b, inputs, attrs);
    return b.output({ value: largest, perm: NHWC_IN_NCHW }, F32);
  },
  Dilation2DBackpropInput: (b, inputs, attrs) => {
    const made = dilation(b, inputs, attrs);
    const parts = shares(made, inLayout(b.view(inputs.dy), NHWC_IN_NCHW));
    let next = 0;
    return b.output({ value: scatterTaps(made.w, () => parts[next++]), perm: NHWC_IN_NCHW }, F32);
  },
  Dilation2DBackpropFilter: (b, inputs, attrs) => {
    const made = dilation(b, inputs, attrs);
    const parts = shares(made, inLayout(b.view(inputs.dy), NHWC_IN_NCHW));
    const { channels } = made.w;
    const sums = parts.map((part) =>
      op('ReduceSum', [part, int64([0, 2, 3])], F32, [1, channels, 1, 1], { attributes: { keepdims: 1 } }),
    );
    const stacked =
      sums.length === 1
        ? sums[0]
        : op('Concat', sums, F32, [sums.length, channels, 1, 1], { attributes: { axis: 0 } });
    return b.output({ value: reshapeValue(stacked, inputs.filter.shape), perm: identity(3) }, F32);
  },
};
