import * as tf from '@tensorflow/tfjs';

type Shape4D = [number, number, number, number];

interface Call {
  inputs: Record<string, tf.TensorInfo>;
  attrs: tf.NamedAttrMap;
  backend: unknown;
}

type Kernel = (call: Call) => tf.TensorInfo;

const registered = new WeakSet<object>();

/**
 * tfjs-node 4.22 convolves with explicit padding but refuses the gradients of it. Its two gradient kernels are
 * replaced by ones that pad the input themselves and ask for the gradients of an unpadded convolution.
 */
export function registerPaddedGradients(): void {
  replace('Conv2DBackpropInput', (kernel) => (call) => {
    const { inputs, attrs } = call;
    const inputShape = attrs.inputShape as Shape4D;
    const padding = explicitPadding(inputShape, inputs.filter.shape, attrs);
    if (!padding) return kernel(call);
    const paddedShape = inputShape.map((size, axis) => size + padding[axis][0] + padding[axis][1]);
    const whole = kernel({
      ...call,
      attrs: { ...attrs, inputShape: paddedShape, pad: 'valid' },
    }) as tf.Tensor4D;
    const inner = tf.slice(whole, padding.map(([before]) => before) as Shape4D, inputShape);
    whole.dispose();
    return inner;
  });
  replace('Conv2DBackpropFilter', (kernel) => (call) => {
    const { inputs, attrs } = call;
    const padding = explicitPadding(inputs.x.shape, attrs.filterShape as number[], attrs);
    if (!padding) return kernel(call);
    const x = tf.pad(inputs.x as tf.Tensor4D, padding);
    const gradient = kernel({ ...call, inputs: { ...inputs, x }, attrs: { ...attrs, pad: 'valid' } });
    x.dispose();
    return gradient;
  });
}

function replace(kernelName: string, wrap: (kernel: Kernel) => Kernel): void {
  const backendName = 'tensorflow';
  const config = tf.getKernel(kernelName, backendName);
  if (registered.has(config)) return;
  const kernelFunc = wrap(config.kernelFunc as unknown as Kernel) as unknown as tf.KernelFunc;
  const replacement = { ...config, kernelFunc };
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel(replacement);
  registered.add(replacement);
}

/** Zeros before and after each axis of an NHWC input; undefined for 'valid' and 'same'. */
function explicitPadding(
  inputShape: number[],
  filterShape: number[],
  { strides, pad, dimRoundingMode }: tf.NamedAttrMap,
): [number, number][] | undefined {
  if (typeof pad === 'string') return undefined;
  const { padInfo } = tf.backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    strides as number | [number, number],
    1,
    pad as number | tf.backend_util.ExplicitPadding,
    dimRoundingMode as 'floor' | 'round' | 'ceil' | undefined,
  );
  const { top, bottom, left, right } = padInfo;
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}
