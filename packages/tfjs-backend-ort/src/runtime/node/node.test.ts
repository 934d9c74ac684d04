import { executionProviders, expectNoLeak, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { compile, initOrt } from '../../index.js';

it.skipIf(executionProviders[0] !== 'cpu')('takes no processor between two runs', async () => {
  await initOrt({ threads: 4 });
  await expectNoLeak(async () => {
    const shape: [number, number] = [256, 256];
    const x = tf.tensor2d(uniform('x', shape), shape);
    const product = compile((a: tf.Tensor) => tf.matMul(a as tf.Tensor2D, a as tf.Tensor2D));
    const used: number[] = [];
    for (let i = 0; i < 3; i++) {
      tf.dispose(await product(x));
      const before = process.cpuUsage();
      await new Promise((resolve) => setTimeout(resolve, 150));
      const { user, system } = process.cpuUsage(before);
      used.push((user + system) / 1000);
    }
    product.dispose();
    x.dispose();
    // ONNX Runtime's own setting spins 20 ms and more in each of three threads.
    expect(Math.min(...used)).toBeLessThan(15);
  });
});
