import * as tf from '@tensorflow/tfjs';
import { reshapeValue } from '../graph/transpose.js';
import { type DType, int64, op, scalar, type Value } from '../graph/value.js';
import { reshapeView } from '../graph/view.js';
import { align } from './align.js';
import { elementwise } from './elementwise.js';
import { cast, graphType, type Kernel, type Kernels, physicalShape, where } from './kernel.js';

const { backend_util, util } = tf;

type Compute = (a: Value, b: Value, shape: number[]) => Value;

function arithmetic(compute: Compute): Kernel {
  return (backend, { a, b }) => {
    const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const dtype = tf.upcastType(a.dtype, b.dtype);
    const type = graphType(dtype, 'binary');
    const computeType: DType = type === 'bool' ? 'int32' : type;
    return elementwise(backend, [a, b], shape, dtype, ([x, y], out) =>
      cast(compute(cast(x, computeType), cast(y, computeType), out), type),
    );
  };
}

function comparison(type: string, { negate = false } = {}): Kernel {
  return (backend, { a, b }) => {
    const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const common = graphType(tf.upcastType(a.dtype, b.dtype), type);
    const compute: DType = common === 'bool' && type !== 'Equal' ? 'int32' : common;
    return elementwise(backend, [a, b], shape, 'bool', ([x, y], out) => {
      const value = op(type, [cast(x, compute), cast(y, compute)], 'bool', out);
      return negate ? op('Not', [value], 'bool', out) : value;
    });
  };
}

function logical(type: string): Kernel {
  return (backend, { a, b }) => {
    const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    return elementwise(backend, [a, b], shape, 'bool', ([x, y], out) =>
      op(type, [cast(x, 'bool'), cast(y, 'bool')], 'bool', out),
    );
  };
}

const simple =
  (type: string): Compute =>
  (a, b, shape) =>
    op(type, [a, b], a.dtype, shape);

/** tfjs makes the quotient's floor an int32 whatever the inputs are. */
const floorDiv: Kernel = (backend, { a, b }) => {
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  return elementwise(backend, [a, b], shape, 'int32', ([x, y], out) => {
    const quotient = op('Div', [cast(x, 'float32'), cast(y, 'float32')], 'float32', out);
    return cast(op('Floor', [quotient], 'float32', out), 'int32');
  });
};

/** The remainder with the divisor's sign. */
const mod: Compute = (a, b, shape) => {
  if (a.dtype === 'int32') return op('Mod', [a, b], 'int32', shape);
  const fmod = (x: Value) => op('Mod', [x, b], 'float32', shape, { attributes: { fmod: 1 } });
  return fmod(op('Add', [fmod(a), b], 'float32', shape));
};

const squaredDifference: Compute = (a, b, shape) => {
  const difference = op('Sub', [a, b], a.dtype, shape);
  return op('Mul', [difference, difference], a.dtype, shape);
};

/** The angle of the point (b, a), in (-pi, pi]. */
const atan2: Kernel = (backend, { a, b }) => {
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  return elementwise(backend, [a, b], shape, 'float32', ([y, x], out) => {
    const [rise, run] = [cast(y, 'float32'), cast(x, 'float32')];
    const compare = (type: string, value: Value) => op(type, [value, scalar(0)], 'bool', value.shape);
    const half = op('Atan', [op('Div', [rise, run], 'float32', out)], 'float32', out);
    const turn = op(
      'Where',
      [compare('Less', rise), scalar(-Math.PI), scalar(Math.PI)],
      'float32',
      rise.shape,
    );
    const left = op('Add', [half, turn], 'float32', out);
    const quarter = op(
      'Mul',
      [op('Sign', [rise], 'float32', rise.shape), scalar(Math.PI / 2)],
      'float32',
      rise.shape,
    );
    const vertical = compare('Equal', run);
    return where(vertical, quarter, where(compare('Less', run), left, half, out), out);
  });
};

/** Elements up to which tensors on a device are put side by side to be added: WebGPU has no Sum, and its nodes take long to start. */
const SMALL = 4096;

function summedAtOnce(values: readonly Value[], shape: readonly number[]): Value {
  const rows = values.map((value) => reshapeValue(value, [1, ...shape]));
  const stacked = op('Concat', rows, values[0].dtype, [values.length, ...shape], { attributes: { axis: 0 } });
  return op('ReduceSum', [stacked, int64([0])], values[0].dtype, shape, { attributes: { keepdims: 0 } });
}

/** NaN where either input is, as tfjs's `cpu` has it; ONNX Runtime's Max and Min agree. */
export const binaryKernels: Kernels = {
  Add: arithmetic(simple('Add')),
  Sub: arithmetic(simple('Sub')),
  Multiply: arithmetic(simple('Mul')),
  RealDiv: arithmetic(simple('Div')),
  FloorDiv: floorDiv,
  Mod: arithmetic(mod),
  Pow: arithmetic(simple('Pow')),
  Maximum: arithmetic(simple('Max')),
  Minimum: arithmetic(simple('Min')),
  SquaredDifference: arithmetic(squaredDifference),
  Equal: comparison('Equal'),
  NotEqual: comparison('Equal', { negate: true }),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  Atan2: atan2,
  BitwiseAnd: (backend, { a, b }) => {
    const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    return elementwise(backend, [a, b], shape, 'int32', ([x, y], out) =>
      op('BitwiseAnd', [cast(x, 'int32'), cast(y, 'int32')], 'int32', out),
    );
  },
  /** dy where y is at least zero, dy * (y + 1) below. */
  EluGrad: (backend, { dy, y }) =>
    elementwise(backend, [dy, y], y.shape, 'float32', ([gradient, value], out) => {
      const slope = op(
        'Min',
        [op('Add', [value, scalar(1)], 'float32', value.shape), scalar(1)],
        'float32',
        value.shape,
      );
      return op('Mul', [gradient, slope], 'float32', out);
    }),
  Prelu: (backend, { x, alpha }) => {
    const shape = backend_util.assertAndGetBroadcastShape(x.shape, alpha.shape);
    return elementwise(backend, [x, alpha], shape, 'float32', ([value, slope], out) => {
      const input = cast(value, 'float32');
      const negative = op('Mul', [input, cast(slope, 'float32')], 'float32', out);
      return op('Where', [op('Less', [input, scalar(0)], 'bool', out), negative, input], 'float32', out);
    });
  },
  AddN: (backend, inputs) => {
    const tensors = Object.values(inputs);
    const [first] = tensors;
    return elementwise(backend, tensors, first.shape, first.dtype, (values, out) => {
      const { device } = backend.runtime;
      if (first.dtype === 'float32' && !device) return op('Sum', values, 'float32', out);
      if (device && util.sizeFromShape(first.shape) <= SMALL) return summedAtOnce(values, out);
      return values.reduce((sum, value) => op('Add', [sum, value], sum.dtype, out));
    });
  },
  Select: (backend, { condition, t, e }) => {
    const dtype = tf.upcastType(t.dtype, e.dtype);
    const type = graphType(dtype, 'Select');
    let mask = backend.view(condition);
    if (condition.shape.length === 1 && t.shape.length > 1) {
      // A vector of conditions selects whole rows.
      mask = reshapeView(mask, [t.shape[0], ...new Array<number>(t.shape.length - 1).fill(1)]);
    }
    const { values, perm } = align([mask, backend.view(t), backend.view(e)], t.shape);
    const [c, x, y] = values;
    const shape = physicalShape(t.shape, perm);
    return backend.output(
      { value: where(cast(c, 'bool'), cast(x, type), cast(y, type), shape), perm },
      dtype,
    );
  },
};
