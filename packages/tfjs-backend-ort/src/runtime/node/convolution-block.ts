import { program, toModel } from '../../graph/program.js';
import { type DType, type HostArray, hostValue, op } from '../../graph/value.js';
import type { Session, SessionOptions } from '../runtime.js';

/**
 * Channels of a block in ONNX Runtime's own layout for convolutions on this processor (16 with AVX-512, else 8);
 * undefined where it has none, or another than `blockConvolutions` writes: what that makes of a small convolution is
 * compared with the plain one.
 */
export function convolutionBlock(
  load: (model: Uint8Array, options: SessionOptions) => Session,
  wrap: (dtype: DType, shape: readonly number[], data: HostArray) => unknown,
): number | undefined {
  const image = hostValue('float32', IMAGE, numbers(IMAGE));
  const kernel = hostValue('float32', KERNEL, numbers(KERNEL));
  const attributes = { kernel_shape: KERNEL.slice(2), pads: [2, 2, 2, 2] };
  const convolve = (block?: number): HostArray => {
    const result = op('Conv', [image, kernel], 'float32', IMAGE, { attributes });
    const p = program([result], { block: () => block });
    const { bytes, inputNames, outputNames, cpuNodes, structure } = toModel(p);
    const names = { inputNames: inputNames.filter((name) => name !== null), outputNames };
    const session = load(bytes, { ...names, cpuNodes, structure, threads: 1 });
    try {
      return session.runSync!(p.inputs.map(({ dtype, shape, data }) => wrap(dtype, shape, data!)))[0].data!;
    } finally {
      session.dispose();
    }
  };
  const expected = convolve();
  for (const block of [16, 8]) {
    try {
      const actual = convolve(block);
      if (actual.every((value, i) => Math.abs(Number(value) - Number(expected[i])) < 1e-3)) return block;
    } catch {
      return undefined; // the kernels of that layout are not there
    }
  }
  return undefined;
}

/** Just large enough to be written for blocks. */
const IMAGE = [1, 32, 64, 128];
const KERNEL = [32, 32, 5, 5];

/** Different numbers of -0.5 to 0.5. */
function numbers(shape: readonly number[]): Float32Array {
  const size = shape.reduce((a, b) => a * b);
  return Float32Array.from({ length: size }, (_, i) => ((i * 7919) % 1009) / 1009 - 0.5);
}
