import { reshapeValue } from '../graph/transpose.js';
import { op, scalar, type Value } from '../graph/value.js';
import { identity, materialize } from '../graph/view.js';
import type { Attrs, Kernels } from './kernel.js';

const F32 = 'float32';

interface LocalResponse {
  depthRadius: number;
  bias: number;
  alpha: number;
  beta: number;
}

const elementwise = (type: string, inputs: Value[]) => op(type, inputs, F32, inputs[0].shape);

/** Sum over the channels within `radius` of each channel; channels are the last axis. */
function neighbourhood(x: Value, radius: number): Value {
  const channels = x.shape[x.shape.length - 1];
  const shape = [x.size / channels, 1, 1, channels];
  const width = 2 * radius + 1;
  const mean = op('AveragePool', [reshapeValue(x, shape)], F32, shape, {
    attributes: { kernel_shape: [1, width], pads: [0, radius, 0, radius], count_include_pad: 1 },
  });
  return reshapeValue(elementwise('Mul', [mean, scalar(width)]), x.shape);
}

/** bias + alpha * (sum of squares over neighbouring channels) */
function norm(x: Value, { depthRadius, bias, alpha }: LocalResponse): Value {
  const squares = neighbourhood(elementwise('Mul', [x, x]), depthRadius);
  return elementwise('Add', [elementwise('Mul', [squares, scalar(alpha)]), scalar(bias)]);
}

export const localResponseKernels: Kernels = {
  /** x * norm^-beta */
  LRN: (b, { x }, attrs: Attrs) => {
    const input = materialize(b.view(x));
    const scale = elementwise('Pow', [norm(input, attrs), scalar(-attrs.beta)]);
    return b.output({ value: elementwise('Mul', [input, scale]), perm: identity(4) }, F32);
  },
  /** dy * norm^-beta - 2 alpha beta x * neighbourhood(dy * y / norm) */
  LRNGrad: (b, { x, y, dy }, attrs: Attrs) => {
    const input = materialize(b.view(x));
    const gradient = materialize(b.view(dy));
    const n = norm(input, attrs);
    const direct = elementwise('Mul', [gradient, elementwise('Pow', [n, scalar(-attrs.beta)])]);
    const ratio = elementwise('Div', [elementwise('Mul', [gradient, materialize(b.view(y))]), n]);
    const spread = elementwise('Mul', [input, neighbourhood(ratio, attrs.depthRadius)]);
    const indirect = elementwise('Mul', [spread, scalar(2 * attrs.alpha * attrs.beta)]);
    return b.output({ value: elementwise('Sub', [direct, indirect]), perm: identity(4) }, F32);
  },
};
