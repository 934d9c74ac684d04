import { executionProviders, expectNoLeak, relativeError, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { useOrt } from '../../testing/against-cpu.js';
import { inLayout, NHWC_IN_NCHW } from '../graph/view.js';
import { conv2dInfo } from './convolution.js';
import { filterGradient } from './filter-gradient.js';
import { filterGradientOnGpu } from './filter-gradient-gpu.js';
import type { KernelBackend } from './kernel.js';

useOrt();

/** What each is for; a processor computes all of them. */
const ways = {
  'a processor': filterGradient,
  'a GPU with FusedMatMul': (...[x, dy, info]: Parameters<typeof filterGradient>) =>
    filterGradientOnGpu(x, dy, info, true),
  'a GPU without': (...[x, dy, info]: Parameters<typeof filterGradient>) =>
    filterGradientOnGpu(x, dy, info, false),
};

const shapes: { n: number; side: number; channels: [number, number]; stride: number; kernel?: number }[] = [
  { n: 1, side: 64, channels: [5, 6], stride: 1 },
  { n: 3, side: 64, channels: [5, 6], stride: 1 },
  { n: 3, side: 64, channels: [5, 1], stride: 1 },
  { n: 2, side: 64, channels: [5, 6], stride: 2 },
  { n: 3, side: 4, channels: [24, 16], stride: 1 },
  { n: 3, side: 16, channels: [5, 6], stride: 1, kernel: 1 },
  { n: 256, side: 24, channels: [2, 3], stride: 1 },
  { n: 2, side: 64, channels: [3, 6], stride: 1 },
];

describe.runIf(executionProviders[0] === 'cpu').each(Object.entries(ways))(
  'for %s the gradient to the filter is that of tfjs',
  (_, way) => {
    it.each(shapes)(
      '$n images of $side pixels, $channels channels, stride $stride',
      async ({ n, side, channels: [c, o], stride, kernel = 3 }) => {
        const filterShape = [kernel, kernel, c, o];
        const attrs = { strides: stride, pad: 'same', dataFormat: 'NHWC' };
        const xShape = [n, side, side, c];
        const info = conv2dInfo(xShape, filterShape, attrs as never);
        const inputs = () => ({
          x: tf.tensor(uniform('x', xShape), xShape),
          dy: tf.tensor(uniform('dy', info.outShape), info.outShape),
        });
        await tf.setBackend('cpu');
        const expected = tf.tidy(() =>
          (
            tf.engine().runKernel('Conv2DBackpropFilter', inputs(), { ...attrs, filterShape }) as tf.Tensor
          ).dataSync(),
        );
        await tf.setBackend('ort');
        await expectNoLeak(async () => {
          const { x, dy } = inputs();
          const backend = tf.backend() as unknown as KernelBackend;
          const [image, gradient] = [x, dy].map((t) => inLayout(backend.view(t), NHWC_IN_NCHW));
          const view = way(image, gradient, info);
          const found = tf.engine().makeTensorFromTensorInfo(backend.output(view, 'float32'));
          expect(found.shape).toEqual(filterShape);
          expect(relativeError(await found.data(), expected)).toBeLessThan(1e-5);
          tf.dispose([x, dy, found]);
        });
      },
    );
  },
);
