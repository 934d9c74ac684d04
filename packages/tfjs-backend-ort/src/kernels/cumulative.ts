import * as tf from '@tensorflow/tfjs';
import { int64, op, scalar, type Value } from '../graph/value.js';
import { cast, graphType, type Kernel, type Kernels } from './kernel.js';
import { reverseView } from './shape.js';

/** `value` moved `by` places along `axis`; `fill` comes in. */
function shifted(value: Value, axis: number, by: number, fill: Value): Value {
  const { shape, dtype } = value;
  const pads = [...shape.map((_, i) => (i === axis ? by : 0)), ...shape.map(() => 0)];
  const grown = shape.map((d, i) => (i === axis ? d + by : d));
  const wide = op('Pad', [value, int64(pads), fill], dtype, grown);
  return op('Slice', [wide, int64([0]), int64([shape[axis]]), int64([axis])], dtype, shape);
}

/** ONNX has no running product: it doubles the reach of every element until it covers the axis. */
const cumprod: Kernel = (b, { x }, { axis, exclusive, reverse }) => {
  const [logical] = tf.util.parseAxisParam(axis, x.shape);
  const view = b.view(x);
  const type = graphType(x.dtype, 'Cumprod') === 'float32' ? 'float32' : 'int32';
  const along = view.perm[logical];
  const one = scalar(1, type);
  const start = reverse ? reverseView(view, [logical]).value : view.value;
  let value = cast(start, type);
  if (exclusive) value = shifted(value, along, 1, one);
  for (let reach = 1; reach < x.shape[logical]; reach *= 2) {
    value = op('Mul', [value, shifted(value, along, reach, one)], type, value.shape);
  }
  const out = { value, perm: view.perm };
  return b.output(reverse ? reverseView(out, [logical]) : out, type);
};

const cumsum: Kernel = (b, { x }, { axis, exclusive, reverse }) => {
  const view = b.view(x);
  const [logical] = tf.util.parseAxisParam(axis, x.shape);
  const type = graphType(x.dtype, 'Cumsum') === 'float32' ? 'float32' : 'int32';
  const inputs = [cast(view.value, type), scalar(view.perm[logical] ?? 0, 'int32')];
  const attributes = { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 };
  const value = op('CumSum', inputs, type, view.value.shape, { attributes });
  return b.output({ value, perm: view.perm }, type);
};

export const cumulativeKernels: Kernels = { Cumsum: cumsum, Cumprod: cumprod };
