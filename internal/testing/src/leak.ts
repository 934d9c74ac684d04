import * as tf from '@tensorflow/tfjs';

/** Runs `fn` and throws if it left more (or fewer) tensors than `expected` behind. Tensors it returns count. */
export async function expectNoLeak<T>(fn: () => T | Promise<T>, expected = 0): Promise<T> {
  const before = tf.memory().numTensors;
  const result = await fn();
  const leaked = tf.memory().numTensors - before;
  if (leaked !== expected) throw new Error(`expectNoLeak: ${leaked} tensors were left, expected ${expected}`);
  return result;
}
