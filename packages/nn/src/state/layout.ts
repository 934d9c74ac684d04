/**
 * How a parameter's tfjs variable relates to its PyTorch tensor:
 * `conv` OIHW <-> HWIO, `depthwise` C1HW <-> HWC1, `conv1d` OIL <-> LIO seen as a 1 x L kernel, `linear` OI <-> IO, `same` unchanged.
 */
export type Layout = 'same' | 'conv' | 'depthwise' | 'conv1d' | 'linear';

/** The tfjs shape of a parameter whose PyTorch shape is `shape`. */
export function tfjsShape(shape: readonly number[], layout: Layout): number[] {
  if (layout === 'conv') return [shape[2], shape[3], shape[1], shape[0]];
  if (layout === 'depthwise') return [shape[2], shape[3], shape[0], shape[1]];
  if (layout === 'conv1d') return [1, shape[2], shape[1], shape[0]];
  if (layout === 'linear') return [shape[1], shape[0]];
  return [...shape];
}

/** Values in PyTorch's order as values in tfjs's order; `same` returns `data` itself. */
export function toTfjs(data: Float32Array, shape: readonly number[], layout: Layout): Float32Array {
  if (layout === 'same') return data;
  const [outer, inner, taps] = matrix(shape);
  const out = new Float32Array(data.length);
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++)
      for (let p = 0; p < taps; p++) out[(p * inner + i) * outer + o] = data[(o * inner + i) * taps + p];
  return out;
}

/** The inverse of {@link toTfjs}; `shape` is PyTorch's. */
export function toTorch(data: Float32Array, shape: readonly number[], layout: Layout): Float32Array {
  if (layout === 'same') return data;
  const [outer, inner, taps] = matrix(shape);
  const out = new Float32Array(data.length);
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++)
      for (let p = 0; p < taps; p++) out[(o * inner + i) * taps + p] = data[(p * inner + i) * outer + o];
  return out;
}

function matrix(shape: readonly number[]): [number, number, number] {
  return [shape[0], shape[1], shape.slice(2).reduce((a, b) => a * b, 1)];
}
