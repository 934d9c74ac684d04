import { normal, uniform } from '../random/random.js';

/** Initial values, row-major in PyTorch's `shape`, as a function of the shape and a seed. */
export type Initializer = (shape: number[], seed: number) => Float32Array;

/** In place: networks have a hundred million of them. */
function scaled(values: Float32Array, factor: number): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] *= factor;
  return values;
}

const size = (shape: number[]) => shape.reduce((a, b) => a * b, 1);

export const zeros: Initializer = (shape) => new Float32Array(size(shape));

export const ones: Initializer = (shape) => new Float32Array(size(shape)).fill(1);

/** Uniform in +-1/sqrt(fanIn): PyTorch's default for weights (kaiming_uniform with a = sqrt(5)) and biases. */
export const torchUniform =
  (fanIn: number): Initializer =>
  (shape, seed) => {
    const bound = 1 / Math.sqrt(fanIn);
    return uniform(seed, size(shape)).map((u) => (2 * u - 1) * bound);
  };

/** Normal with variance 2 / fanOut: torchvision's ResNet convolutions (kaiming_normal, mode fan_out, relu). */
export const kaimingNormalFanOut: Initializer = (shape, seed) => {
  const std = Math.sqrt(2 / (shape[0] * size(shape.slice(2))));
  return scaled(normal(seed, size(shape)), std);
};

/** The same for depthwise convolutions, [channels, 1, h, w]: a weight takes part in h * w outputs. */
export const kaimingNormalDepthwise: Initializer = (shape, seed) => {
  const std = Math.sqrt(2 / size(shape.slice(2)));
  return scaled(normal(seed, size(shape)), std);
};
