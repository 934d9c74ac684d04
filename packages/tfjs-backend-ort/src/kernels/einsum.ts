import * as tf from '@tensorflow/tfjs';
import { op } from '../graph/value.js';
import { materialize, plain } from '../graph/view.js';
import { cast, graphType, type Kernel, type Kernels } from './kernel.js';

const { backend_util } = tf;

const einsum: Kernel = (b, inputs, { equation }) => {
  const tensors = Object.values(inputs);
  const { allDims, idDims } = backend_util.decodeEinsumEquation(equation, tensors.length);
  backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors as tf.Tensor[]);
  const spelled = equation.replace(/\s/g, '');
  const [left, right] = spelled.split('->');
  const lengths = new Map<string, number>();
  left.split(',').forEach((labels: string, i: number) => {
    [...labels].forEach((label, axis) => {
      lengths.set(label, tensors[i].shape[axis]);
    });
  });
  const shape = [...right].map((label) => lengths.get(label)!);
  const dtype = tensors.map((t) => t.dtype).reduce((a, c) => tf.upcastType(a, c));
  const type = graphType(dtype, 'Einsum') === 'float32' ? 'float32' : 'int32';
  const values = tensors.map((t) => cast(materialize(b.view(t)), type));
  return b.output(plain(op('Einsum', values, type, shape, { attributes: { equation: spelled } })), type);
};

export const einsumKernels: Kernels = { Einsum: einsum };
