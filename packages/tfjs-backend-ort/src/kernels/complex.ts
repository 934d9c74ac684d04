import * as tf from '@tensorflow/tfjs';
import { reshapeValue } from '../graph/transpose.js';
import { int64, multiOp, op, scalar, type Value } from '../graph/value.js';
import { identity, materialize, plain } from '../graph/view.js';
import { binaryKernels } from './binary.js';
import { indexingKernels } from './indexing.js';
import type { Inputs, Kernel, KernelBackend, Kernels } from './kernel.js';
import { shapeKernels } from './shape.js';

type Part = 'real' | 'imag';

/** The real or imaginary parts of every input; the caller disposes them. */
function partOf(b: KernelBackend, inputs: Inputs, part: Part): Inputs {
  const parts: Inputs = Array.isArray(inputs) ? ([] as never) : {};
  for (const [name, info] of Object.entries(inputs)) {
    if (info != null) parts[name] = info.dtype === 'complex64' ? b.complexPart(info, part) : info;
  }
  return parts;
}

function release(b: KernelBackend, parts: Inputs, inputs: Inputs): void {
  for (const [name, info] of Object.entries(parts)) {
    if (info.dataId !== inputs[name].dataId) b.disposeData(info.dataId);
  }
}

function join(b: KernelBackend, real: tf.TensorInfo, imag: tf.TensorInfo): tf.TensorInfo {
  const out = b.complexOutput(real, imag);
  b.disposeData(real.dataId);
  b.disposeData(imag.dataId);
  return out;
}

/** A kernel that is linear in its complex inputs, run once for the real and once for the imaginary parts. */
function perPart(kernel: Kernel): Kernel {
  return (b, inputs, attrs) => {
    const run = (part: Part) => {
      const parts = partOf(b, inputs, part);
      const out = kernel(b, parts, attrs);
      release(b, parts, inputs);
      return out;
    };
    const real = run('real');
    const imag = run('imag');
    if (real === null || imag === null) return null;
    if (Array.isArray(real)) return real.map((r, i) => join(b, r, (imag as tf.TensorInfo[])[i]));
    return join(b, real, imag as tf.TensorInfo);
  };
}

const multiply: Kernel = (b, inputs) => {
  const temporary: tf.TensorInfo[] = [];
  const keep = (info: tf.TensorInfo): tf.TensorInfo => {
    temporary.push(info);
    return info;
  };
  const part = (name: string, which: Part) => keep(b.complexPart(inputs[name], which));
  const run = (kernel: string, x: tf.TensorInfo, y: tf.TensorInfo) =>
    binaryKernels[kernel](b, { a: x, b: y }, {}) as tf.TensorInfo;
  const product = (x: tf.TensorInfo, y: tf.TensorInfo) => keep(run('Multiply', x, y));
  const [aReal, aImag, bReal, bImag] = [
    part('a', 'real'),
    part('a', 'imag'),
    part('b', 'real'),
    part('b', 'imag'),
  ];
  const real = run('Sub', product(aReal, bReal), product(aImag, bImag));
  const imag = run('Add', product(aReal, bImag), product(aImag, bReal));
  for (const info of temporary) b.disposeData(info.dataId);
  return join(b, real, imag);
};

/** Complex64 to a real type: the imaginary part is dropped. */
const castFromComplex: Kernel = (b, { x }, attrs) => {
  if (attrs.dtype === 'complex64') return shapeKernels.Identity(b, { x }, {});
  const real = b.complexPart(x, 'real');
  const out = shapeKernels.Cast(b, { x: real }, attrs);
  b.disposeData(real.dataId);
  return out;
};

/** A real type to complex64: the imaginary part is zero. */
export const castToComplex: Kernel = (b, { x }) => {
  const real = shapeKernels.Cast(b, { x }, { dtype: 'float32' }) as tf.TensorInfo;
  const imag = shapeKernels.ZerosLike(b, { x: real }, {}) as tf.TensorInfo;
  return join(b, real, imag);
};

const filledLike =
  (kernel: 'ZerosLike' | 'OnesLike'): Kernel =>
  (b, { x }) => {
    const like = b.complexPart(x, 'real');
    const out = join(
      b,
      shapeKernels[kernel](b, { x: like }, {}) as tf.TensorInfo,
      shapeKernels.ZerosLike(b, { x: like }, {}) as tf.TensorInfo,
    );
    b.disposeData(like.dataId);
    return out;
  };

/** |x|, scaled by the larger part so that no square overflows or vanishes. */
const magnitude: Kernel = (b, { x }) => {
  const parts = (['real', 'imag'] as const).map((part) => b.complexPart(x, part));
  const on = (type: string, inputs: Value[]) => op(type, inputs, 'float32', x.shape);
  const [real, imag] = parts.map((info) => on('Abs', [materialize(b.view(info))]));
  const larger = on('Max', [real, imag]);
  const isZero = op('Equal', [larger, scalar(0)], 'bool', x.shape);
  const divisor = on('Where', [isZero, scalar(1), larger]);
  const ratio = on('Div', [on('Min', [real, imag]), divisor]);
  const scale = on('Sqrt', [on('Add', [on('Mul', [ratio, ratio]), scalar(1)])]);
  const out = b.output(plain(on('Mul', [larger, scale])), 'float32');
  for (const info of parts) b.disposeData(info.dataId);
  return out;
};

/** The discrete Fourier transform over the last axis; the inverse divides by its length. */
function fourier(inverse: boolean): Kernel {
  return (b, { input }) => {
    const length = input.shape.at(-1)!;
    const rows = tf.util.sizeFromShape(input.shape) / length;
    const parts = (['real', 'imag'] as const).map((part) => b.complexPart(input, part));
    const columns = parts.map((info) => reshapeValue(materialize(b.view(info)), [rows, length, 1]));
    const shape = [rows, length, 2];
    const pairs = op('Concat', columns, 'float32', shape, { attributes: { axis: 2 } });
    const transformed = op('DFT', [pairs], 'float32', shape, {
      attributes: { axis: 1, inverse: inverse ? 1 : 0 },
    });
    const split = multiOp(
      'Split',
      [transformed, int64([1, 1])],
      [0, 1].map(() => ({ dtype: 'float32' as const, shape: [rows, length, 1] })),
      { attributes: { axis: 2 } },
    );
    for (const info of parts) b.disposeData(info.dataId);
    const part = (value: Value) =>
      b.output({ value: reshapeValue(value, input.shape), perm: identity(input.shape.length) }, 'float32');
    return join(b, part(split[0]), part(split[1]));
  };
}

/** Kernels for complex64 inputs, by tfjs-core's name. */
export const complexKernels: Kernels = {
  ...Object.fromEntries(
    [
      'Reshape',
      'ExpandDims',
      'Slice',
      'StridedSlice',
      'Transpose',
      'Concat',
      'Pack',
      'Unpack',
      'SplitV',
      'Tile',
    ]
      .concat('Reverse')
      .map((name) => [name, perPart(shapeKernels[name])]),
  ),
  GatherV2: perPart(indexingKernels.GatherV2),
  Add: perPart(binaryKernels.Add),
  Sub: perPart(binaryKernels.Sub),
  Multiply: multiply,
  Identity: shapeKernels.Identity,
  Cast: castFromComplex,
  ZerosLike: filledLike('ZerosLike'),
  OnesLike: filledLike('OnesLike'),
  ComplexAbs: magnitude,
  FFT: fourier(false),
  IFFT: fourier(true),
  Real: (b, { input }) => b.complexPart(input, 'real'),
  Imag: (b, { input }) => b.complexPart(input, 'imag'),
};
