import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { EngineError } from './engine-error.js';
import { startEngine } from './start-engine.js';

const sum = async () => {
  const t = tf.tidy(() => tf.sum(tf.range(0, 10)));
  const [value] = await t.data();
  t.dispose();
  return value;
};

it('starts the engine that is asked for', async () => {
  expect(await startEngine({ engine: 'cpu' })).toBe('cpu');
  expect(tf.getBackend()).toBe('cpu');
  expect(await startEngine({ engine: 'ort', threads: 1 })).toBe('ort');
  expect(tf.getBackend()).toBe('ort');
  expect(await sum()).toBe(45);
});

it('keeps a running engine, with the tensors in it', async () => {
  await startEngine({ engine: 'ort', threads: 1 });
  const t = tf.tensor1d([1, 2]);
  await startEngine({ engine: 'ort', threads: 1 });
  expect(await startEngine({ engine: 'auto' })).toBe('ort');
  expect(Array.from(await t.data())).toEqual([1, 2]);
  t.dispose();
});

it('says which engine auto took', async () => {
  await startEngine({ engine: 'cpu' });
  const notices: string[] = [];
  const name = await startEngine({ threads: 1, onNotice: (message) => notices.push(message) });
  expect(notices).toEqual([`engine: ${name}`]);
  expect(name).not.toBe('cpu');
  expect(await sum()).toBe(45);
});

it.each([
  ['webgpu', '@tensorflow/tfjs-backend-webgpu'],
  ['wasm', '@tensorflow/tfjs-backend-wasm'],
])('gives the install command of %s, and leaves the running engine usable', async (engine, needed) => {
  await startEngine({ engine: 'ort', threads: 1 });
  const failure = startEngine({ engine });
  await expect(failure).rejects.toThrow(EngineError);
  await expect(failure).rejects.toThrow(`engine ${engine} is not installed; run: npm install ${needed}`);
  expect(await sum()).toBe(45);
});

it('comes back to the running engine when the program changed the backend', async () => {
  await startEngine({ engine: 'ort', threads: 1 });
  await tf.setBackend('cpu');
  expect(await startEngine({ engine: 'ort', threads: 1 })).toBe('ort');
  expect(tf.getBackend()).toBe('ort');
});

it('names the engines there are', async () => {
  await expect(startEngine({ engine: 'gpu' })).rejects.toThrow(/needs one of auto, ort, .*, got 'gpu'/);
});

it('keeps a running engine that is as exact as asked, and refuses other words', async () => {
  await startEngine({ engine: 'ort', threads: 1, precision: 'tf32' });
  const t = tf.tensor1d([1, 2]);
  for (const precision of ['float32', 'tf32'] as const)
    await startEngine({ engine: 'ort', threads: 1, precision });
  expect(Array.from(await t.data())).toEqual([1, 2]);
  t.dispose();
  await expect(startEngine({ engine: 'ort', precision: 'half' as 'tf32' })).rejects.toThrow(
    "precision: needs one of float32, tf32, got 'half'",
  );
});
