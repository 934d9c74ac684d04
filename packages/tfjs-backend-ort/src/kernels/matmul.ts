import * as tf from '@tensorflow/tfjs';
import { op, scalar, type Value } from '../graph/value.js';
import {
  expandRank,
  identity,
  inLayout,
  reshapeView,
  shapeOf,
  transposeView,
  type View,
} from '../graph/view.js';
import { align } from './align.js';
import { conv2d, conv2dInfo, depthwiseConv2d, depthwiseInfo } from './convolution.js';
import { cast, type Inputs, type KernelBackend, type Kernels, physicalShape } from './kernel.js';

const { broadcast_util, util } = tf;
const F32 = 'float32';

function swapLast(view: View): View {
  const axes = identity(view.perm.length);
  const last = axes.length - 1;
  [axes[last - 1], axes[last]] = [axes[last], axes[last - 1]];
  return transposeView(view, axes);
}

/** ONNX Runtime folds the transposes into its matrix product. */
export function matMul(a: View, b: View, transposeA: boolean, transposeB: boolean): View {
  const rank = Math.max(a.perm.length, b.perm.length);
  const left = expandRank(transposeA ? swapLast(a) : a, rank);
  const right = expandRank(transposeB ? swapLast(b) : b, rank);
  const leftShape = shapeOf(left);
  const rightShape = shapeOf(right);
  const inner = leftShape[rank - 1];
  util.assert(
    inner === rightShape[rank - 2],
    () =>
      `Error in matMul: inner shapes (${inner}) and (${rightShape[rank - 2]}) of Tensors with shapes ` +
      `${shapeOf(a)} and ${shapeOf(b)} and transposeA=${transposeA} and transposeB=${transposeB} must match.`,
  );
  const batch = broadcast_util.assertAndGetBroadcastShape(leftShape.slice(0, -2), rightShape.slice(0, -2));
  const shape = [...batch, leftShape[rank - 2], rightShape[rank - 1]];
  const plainOrder = identity(rank);
  const type = a.value.dtype === F32 || b.value.dtype === F32 ? F32 : 'int32';
  const factors = [left, right].map((view) => cast(inLayout(view, plainOrder), type));
  return { value: op('MatMul', factors, type, shape), perm: plainOrder };
}

/** bias, then activation, as tfjs's fused kernels take them. */
function activate(
  b: KernelBackend,
  x: View,
  inputs: Inputs,
  attrs: { activation?: string; leakyreluAlpha?: number; dataFormat?: string },
): View {
  let view = x;
  /** Weights of one axis belong to the channels, which come before height and width in NCHW. */
  const perChannel = (info: tf.TensorInfo): View => {
    const [channels] = info.shape;
    const nchw = attrs.dataFormat === 'NCHW' && info.shape.length === 1 && channels !== 1;
    return nchw ? reshapeView(b.view(info), [channels, 1, 1]) : b.view(info);
  };
  if (inputs.bias) {
    const { values, perm } = align([view, perChannel(inputs.bias)], shapeOf(view));
    view = { value: op('Add', values, F32, physicalShape(shapeOf(view), perm)), perm };
  }
  const { value, perm } = view;
  const apply = (type: string, extra: (Value | null)[] = [], attributes = {}): View => ({
    value: op(type, [value, ...extra], F32, value.shape, { attributes }),
    perm,
  });
  switch (attrs.activation) {
    case undefined:
    case null:
    case 'linear':
      return view;
    case 'relu':
      return apply('Relu');
    case 'relu6':
      return apply('Clip', [scalar(0), scalar(6)]);
    case 'elu':
      return apply('Elu');
    case 'sigmoid':
      return apply('Sigmoid');
    case 'leakyrelu':
      return apply('LeakyRelu', [], { alpha: { float: attrs.leakyreluAlpha ?? 0.2 } });
    case 'prelu': {
      const { values, perm: layout } = align(
        [view, perChannel(inputs.preluActivationWeights)],
        shapeOf(view),
      );
      const shape = physicalShape(shapeOf(view), layout);
      const negative = op('Mul', values, F32, shape);
      const isNegative = op('Less', [values[0], scalar(0)], 'bool', shape);
      return { value: op('Where', [isNegative, negative, values[0]], F32, shape), perm: layout };
    }
    default:
      throw new Error(`tfjs-backend-ort: fused activation '${attrs.activation}' is not supported.`);
  }
}

export const matMulKernels: Kernels = {
  BatchMatMul: (backend, { a, b }, { transposeA, transposeB }) => {
    const product = matMul(backend.view(a), backend.view(b), transposeA, transposeB);
    return backend.output(product, product.value.dtype as tf.DataType);
  },
  _FusedMatMul: (backend, inputs, attrs) =>
    backend.output(
      activate(
        backend,
        matMul(backend.view(inputs.a), backend.view(inputs.b), attrs.transposeA, attrs.transposeB),
        inputs,
        attrs,
      ),
      F32,
    ),
  FusedConv2D: (b, inputs, attrs) => {
    const info = conv2dInfo(inputs.x.shape, inputs.filter.shape, attrs);
    return b.output(
      activate(b, conv2d(b.view(inputs.x), b.view(inputs.filter), null, info), inputs, attrs),
      F32,
    );
  },
  FusedDepthwiseConv2D: (b, inputs, attrs) => {
    const info = depthwiseInfo(inputs.x.shape, inputs.filter.shape, attrs);
    return b.output(
      activate(b, depthwiseConv2d(b.view(inputs.x), b.view(inputs.filter), null, info), inputs, attrs),
      F32,
    );
  },
};
