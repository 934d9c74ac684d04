import { expectNoLeak, testEngine } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeEach, expect, it } from 'vitest';
import { startEngine } from './start-engine.js';
import { verifyConvolution, verifyGradients } from './verify-engine.js';

beforeEach(async () => {
  await startEngine({ engine: testEngine });
});

it('accepts an engine that computes as torch does', async () => {
  await expectNoLeak(async () => {
    await verifyConvolution();
    await verifyGradients();
  });
});

it.each([
  ['Conv2D', verifyConvolution, 'a convolution is wrong: needs 94,154,'],
  ['Conv2DBackpropInput', verifyGradients, 'gradient to its input is wrong: needs 26,56,'],
  ['Conv2DBackpropFilter', verifyGradients, 'gradient to its kernel is wrong: needs 94,154,'],
])('refuses an engine whose %s is off', async (kernelName, verify, message) => {
  const backendName = tf.getBackend();
  const config = tf.getKernel(kernelName, backendName);
  const off: tf.KernelFunc = (call) => {
    const right = config.kernelFunc(call) as tf.TensorInfo;
    const tensor = tf.engine().makeTensorFromTensorInfo(right);
    return tf.mul(tensor, 1.01);
  };
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ ...config, kernelFunc: off });
  try {
    await expect(verify()).rejects.toThrow(message);
  } finally {
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel(config);
  }
});
