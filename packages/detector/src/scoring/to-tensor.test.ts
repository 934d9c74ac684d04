import { startEngine } from '@ddad/nn';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { fromBytes, toBytes, toTensor } from './to-tensor.js';

test('a byte has one value, from the host and by ops, and comes back', async () => {
  await startEngine({ engine: 'ort', threads: 1 });
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const host = toTensor([bytes], 16, 1);
  const ops = tf.tidy(() => fromBytes(tf.tensor1d(bytes, 'int32')));
  const values = (await host.data()) as Float32Array;
  expect(values).toEqual(Float32Array.from(bytes, (byte) => (byte / 255) * 2 - 1));
  expect(await ops.data()).toEqual(values);
  expect(toBytes(values)).toEqual(bytes);
  tf.dispose([host, ops]);
});
