import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';
import { expect, it } from 'vitest';
import { automatic } from './automatic.js';
import { startEngine } from './start-engine.js';

it('keeps the backend that the program set up, with the tensors in it', async () => {
  await initOrt({ threads: 1 });
  const t = tf.tensor1d([1, 2]);
  const notices: string[] = [];
  expect(await startEngine({ onNotice: (message) => notices.push(message) })).toBe('ort');
  expect(notices).toEqual(['engine: ort, which runs already']);
  expect(Array.from(await t.data())).toEqual([1, 2]);
  t.dispose();
});

it('never takes the plain cpu, and GPUs first', async () => {
  const order = await automatic();
  expect(order).not.toContain('cpu');
  expect(order.indexOf('ort-cuda')).toBeLessThan(order.indexOf('ort'));
});
