import { testEngines } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { startEngine } from './start-engine.js';

// The library is an optional one: these run where it is installed.
const installed = testEngines.includes('tensorflow');

it.runIf(installed)('runs on the real library', async () => {
  expect(await startEngine({ engine: 'tensorflow', threads: 1 })).toBe('tensorflow');
  expect(tf.getBackend()).toBe('tensorflow');
  expect(process.env.TF_NUM_INTRAOP_THREADS).toBe('1');
});

it.runIf(installed)('says that threads are fixed and that a GPU takes another process', async () => {
  await startEngine({ engine: 'tensorflow', threads: 1 });
  await expect(startEngine({ engine: 'tensorflow', threads: 2 })).rejects.toThrow(
    'TensorFlow takes its threads when it is loaded: it has 1, got 2; start it with them in a fresh process',
  );
  await startEngine({ engine: 'cpu' });
  await expect(startEngine({ engine: 'tensorflow-gpu' })).rejects.toThrow(
    '@tensorflow/tfjs-node is loaded, which has no CUDA; start tensorflow-gpu in a process of its own',
  );
  expect(tf.getBackend()).toBe('cpu');
});

it.skipIf(installed)('gives the install command where it is not installed', async () => {
  await expect(startEngine({ engine: 'tensorflow' })).rejects.toMatchObject({
    installed: false,
    message: 'engine tensorflow is not installed; run: npm install @tensorflow/tfjs-node',
  });
});
