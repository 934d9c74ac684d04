import { reconstruct } from '@ddad/diffusion';
import { normal, startEngine } from '@ddad/nn';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { tinyConfig } from '../../testing/make-detector.js';
import { buildUNet } from '../networks/unet.js';
import { reconstructionSettings } from './reconstruction-settings.js';
import { createRepairer } from './repair.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const image = (side: number) =>
  tf.tensor4d(
    normal(3, side * side * 3).map((value) => Math.tanh(value / 2)),
    [1, side, side, 3],
  );

test('at the size of the image it is the reconstruction', async () => {
  const before = tf.memory().numTensors;
  const config = tinyConfig({ imageSize: 16 });
  const unet = await buildUNet(config);
  const repair = createRepairer(unet, config);
  const x = image(16);
  const settings = { target: x, ...reconstructionSettings(config) };
  const [here, there] = [await repair(x, settings), await reconstruct(unet, x, settings)];
  expect(await here.data()).toEqual(await there.data());
  repair.dispose();
  unet.dispose();
  tf.dispose([x, here, there]);
  expect(tf.memory().numTensors).toBe(before);
});

test('at half the size it adds what the reconstruction of the small image changes', async () => {
  const before = tf.memory().numTensors;
  const whole = tinyConfig({ imageSize: 32 });
  const config = { ...whole, model: { ...whole.model, imageSize: 16 } };
  const unet = await buildUNet(config);
  const repair = createRepairer(unet, config);
  const x = image(32);
  const out = await repair(x, { target: x, ...reconstructionSettings(config) });
  const small = tf.tidy(() => tf.mean(tf.reshape(x, [1, 16, 2, 16, 2, 3]), [2, 4]) as tf.Tensor4D);
  const reconstruction = await reconstruct(unet, small, { target: small, ...reconstructionSettings(config) });
  // the mean of a block moves as the small image does, but for what resizing takes from the neighbours
  const moved = tf.tidy(() => {
    const change = tf.sub(reconstruction, small) as tf.Tensor4D;
    const resized = tf.image.resizeBilinear(change, [32, 32], false, true);
    return tf.max(tf.abs(tf.sub(out, tf.clipByValue(tf.add(x, resized), -1, 1))));
  });
  expect((await moved.data())[0]).toBeLessThan(1e-4);
  const same = await repair(x, { target: x, ...reconstructionSettings(config) });
  expect(await same.data()).toEqual(await out.data());
  repair.dispose();
  unet.dispose();
  tf.dispose([x, out, small, reconstruction, moved, same]);
  expect(tf.memory().numTensors).toBe(before);
});
