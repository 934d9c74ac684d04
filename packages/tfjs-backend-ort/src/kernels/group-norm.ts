import * as tf from '@tensorflow/tfjs';
import { reshapeValue } from '../graph/transpose.js';
import { constant, op, type Value } from '../graph/value.js';
import { inLayout, materialize, NHWC_IN_NCHW } from '../graph/view.js';
import type { Inputs, Kernel, KernelBackend } from './kernel.js';

const F32 = 'float32';

const kernelName = 'GroupNorm';

/**
 * Gives a backend a kernel that tfjs has none of, or takes it away. Layers ask whether there is one, with
 * `tf.getKernel('GroupNorm', backend)`, where no gradient is needed.
 */
export function provideGroupNorm(backendName: string, provided: boolean): void {
  const known = tf.getKernel(kernelName, backendName);
  if (known && !provided) tf.unregisterKernel(kernelName, backendName);
  if (known || !provided) return;
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) =>
      groupNorm(backend as KernelBackend, inputs as Inputs, attrs) as tf.TensorInfo,
  });
}

/**
 * Group normalisation (Wu & He 2018) of x [n, h, w, c], weight and bias [c]; attributes `groups` and `epsilon`. Two nodes, or one where every channel is a
 * group, for the twenty that the definition takes: ONNX Runtime's own GroupNormalization is made of as many.
 */
const groupNorm: Kernel = (b, { x, weight, bias }, { groups, epsilon }) => {
  const image = inLayout(b.view(x), NHWC_IN_NCHW);
  const { shape } = image;
  const [n, channels, height, width] = shape;
  const scale = materialize(b.view(weight));
  const offset = materialize(b.view(bias));
  if (groups === channels) {
    const value = op('InstanceNormalization', [image, scale, offset], F32, shape, {
      attributes: { epsilon: { float: epsilon } },
    });
    return b.output({ value, perm: NHWC_IN_NCHW }, F32);
  }
  const grouped = [n, groups, (channels / groups) * height * width];
  const normal = op(
    'InstanceNormalization',
    [reshapeValue(image, grouped), filled(groups, 1), filled(groups, 0)],
    F32,
    grouped,
    { attributes: { epsilon: { float: epsilon } } },
  );
  const value = op(
    'BatchNormalization',
    // its own statistics leave the image as it is
    [reshapeValue(normal, shape), scale, offset, filled(channels, 0), filled(channels, 1)],
    F32,
    shape,
    { attributes: { epsilon: { float: 0 } } },
  );
  return b.output({ value, perm: NHWC_IN_NCHW }, F32);
};

function filled(length: number, value: number): Value {
  return constant(F32, [length], new Float32Array(length).fill(value));
}
