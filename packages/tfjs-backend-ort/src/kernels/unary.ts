import type * as tf from '@tensorflow/tfjs';
import { op, scalar, type Value } from '../graph/value.js';
import { cast, graphType, type Kernel, type KernelBackend, type Kernels } from './kernel.js';

type Compute = (x: Value, attrs: Record<string, number>) => Value;

/**
 * A kernel of one input that keeps its layout. The result has the input's type unless `to` says otherwise. `compute`
 * sees bool as int32, whose arithmetic ONNX has.
 */
function unary(compute: Compute, { in: accepts, to }: { in?: 'float32'; to?: tf.DataType } = {}): Kernel {
  return (b: KernelBackend, { x }, attrs) => {
    const view = b.view(x);
    const dtype = to ?? (accepts === 'float32' ? 'float32' : x.dtype);
    const { dtype: type } = view.value;
    const input = cast(view.value, accepts ?? (type === 'bool' ? 'int32' : type));
    const value = cast(compute(input, attrs), graphType(dtype, 'unary'));
    return b.output({ value, perm: view.perm }, dtype);
  };
}

const apply = (type: string, x: Value, attributes = {}): Value =>
  op(type, [x], x.dtype, x.shape, { attributes });
const named = (type: string): Kernel => unary((x) => apply(type, x), { in: 'float32' });
const binary = (type: string, a: Value, c: Value): Value =>
  op(type, [a, c], a.dtype, a.shape.length >= c.shape.length ? a.shape : c.shape);
const test = (type: string, inputs: Value[], shape: readonly number[]): Value =>
  op(type, inputs, 'bool', shape);

const isSmall = (x: Value): Value => test('Less', [apply('Abs', x), scalar(0.5)], x.shape);

/** Same type in and out; ONNX Runtime computes it for float32 and int32. */
const sameType = (type: string): Kernel => unary((x) => apply(type, x));

export const unaryKernels: Kernels = {
  Abs: sameType('Abs'),
  Acos: named('Acos'),
  Acosh: named('Acosh'),
  Asin: named('Asin'),
  Asinh: named('Asinh'),
  Atan: named('Atan'),
  Atanh: named('Atanh'),
  Ceil: named('Ceil'),
  Cos: named('Cos'),
  Cosh: named('Cosh'),
  Elu: named('Elu'),
  Erf: named('Erf'),
  Exp: named('Exp'),
  /** e^x - 1; near zero through tanh(x / 2) = (e^x - 1) / (e^x + 1), which keeps the digits. */
  Expm1: unary(
    (x) => {
      const tangent = apply('Tanh', binary('Mul', x, scalar(0.5)));
      const small = binary('Div', binary('Mul', tangent, scalar(2)), binary('Sub', scalar(1), tangent));
      const large = binary('Sub', apply('Exp', x), scalar(1));
      return op('Where', [isSmall(x), small, large], 'float32', x.shape);
    },
    { in: 'float32' },
  ),
  Floor: named('Floor'),
  Log: named('Log'),
  /** log(1 + x); near zero with the rounding error of 1 + x divided out. */
  Log1p: unary(
    (x) => {
      const u = binary('Add', x, scalar(1));
      const rounded = binary('Sub', u, scalar(1));
      const isOne = test('Equal', [rounded, scalar(0)], x.shape);
      const divisor = op('Where', [isOne, scalar(1), rounded], 'float32', x.shape);
      const corrected = binary('Mul', apply('Log', u), binary('Div', x, divisor));
      const small = op('Where', [isOne, x, corrected], 'float32', x.shape);
      return op('Where', [isSmall(x), small, apply('Log', u)], 'float32', x.shape);
    },
    { in: 'float32' },
  ),
  Neg: sameType('Neg'),
  Reciprocal: named('Reciprocal'),
  Relu: unary((x) => (x.dtype === 'float32' ? apply('Relu', x) : binary('Max', x, scalar(0, x.dtype)))),
  Round: unary((x) => (x.dtype === 'float32' ? apply('Round', x) : x)),
  Rsqrt: unary((x) => apply('Reciprocal', apply('Sqrt', x)), { in: 'float32' }),
  Sigmoid: named('Sigmoid'),
  /** Zero where the input is NaN. */
  Sign: unary((x) => {
    const sign = apply('Sign', x);
    return x.dtype === 'float32'
      ? op('Where', [test('IsNaN', [x], x.shape), scalar(0), sign], 'float32', x.shape)
      : sign;
  }),
  Sin: named('Sin'),
  Sinh: named('Sinh'),
  Softplus: named('Softplus'),
  Sqrt: named('Sqrt'),
  Square: unary((x) => binary('Mul', x, x)),
  Tan: named('Tan'),
  Tanh: named('Tanh'),
  Relu6: unary((x) => op('Clip', [x, scalar(0, x.dtype), scalar(6, x.dtype)], x.dtype, x.shape)),
  LeakyRelu: unary((x, { alpha }) => apply('LeakyRelu', x, { alpha: { float: alpha } }), { in: 'float32' }),
  Selu: unary(
    (x) => apply('Selu', x, { alpha: { float: 1.6732632423543772 }, gamma: { float: 1.0507009873554805 } }),
    { in: 'float32' },
  ),
  /** 1 above zero, `alpha` at or below it, NaN where the input is NaN. */
  Step: unary((x, { alpha }) => {
    const input = cast(x, 'float32');
    const above = test('Greater', [input, scalar(0)], x.shape);
    const value = op('Where', [above, scalar(1), scalar(alpha)], 'float32', x.shape);
    return op('Where', [test('IsNaN', [input], x.shape), input, value], 'float32', x.shape);
  }),
  ClipByValue: unary((x, { clipValueMin, clipValueMax }) => {
    if (x.dtype === 'float32') {
      return op('Clip', [x, scalar(clipValueMin), scalar(clipValueMax)], x.dtype, x.shape);
    }
    return op(
      'Clip',
      [x, scalar(Math.ceil(clipValueMin), x.dtype), scalar(Math.floor(clipValueMax), x.dtype)],
      x.dtype,
      x.shape,
    );
  }),
  IsNan: unary((x) => test('IsNaN', [x], x.shape), { in: 'float32', to: 'bool' }),
  IsInf: unary((x) => test('IsInf', [x], x.shape), { in: 'float32', to: 'bool' }),
  IsFinite: unary(
    (x) => {
      const difference = binary('Sub', x, x); // 0 for finite values, NaN otherwise
      return op('Not', [test('IsNaN', [difference], x.shape)], 'bool', x.shape);
    },
    { in: 'float32', to: 'bool' },
  ),
  LogicalNot: unary((x) => op('Not', [cast(x, 'bool')], 'bool', x.shape), { to: 'bool' }),
};
