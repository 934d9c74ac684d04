import { buildUNet, reconstructionSettings, startEngineFor, toTensor } from '@ddad/detector';
import { createReconstructor } from '@ddad/diffusion';
import { expectNoLeak, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.js';
import { reconstructionError } from './reconstruction-error.js';

test('is the mean where an image counts', async () => {
  const side = 16;
  const config = loadConfig({
    preset: 'ddad-s',
    data: { kind: 'folder', root: 'none', imageSize: side },
    model: { baseChannels: 32, channelMultipliers: [1, 1], resBlocks: 1, attentionResolutions: [] },
    scoring: { batchSize: 2, sigma: 0.25 },
  });
  await startEngineFor(config, {});
  const images = ['a', 'b', 'c'].map((name) =>
    Uint8Array.from(uniform(name, [side * side * 3]), (value) => 127 + 120 * value),
  );
  const left = Uint8Array.from({ length: side * side }, (_, i) => Number(i % side < 5));
  const masks = [left, undefined, left];
  await expectNoLeak(async () => {
    const unet = await buildUNet(config);
    const error = await reconstructionError(unet, images, { config, masks });

    const reconstruct = createReconstructor(unet);
    let sum = 0;
    for (const [i, image] of images.entries()) {
      const x = toTensor([image], side, 3);
      const made = await reconstruct(x, { target: x, ...reconstructionSettings(config) });
      const [was, is] = [await x.data(), await made.data()];
      const counted = [...was.keys()].filter((at) => masks[i]?.[Math.floor(at / 3)] !== 0);
      sum += counted.reduce((sum, at) => sum + Math.abs(was[at] - is[at]), 0) / counted.length;
      tf.dispose([x, made]);
    }
    expect(error).toBeCloseTo(sum / 3, 5);
    expect(error).not.toBeCloseTo(await reconstructionError(unet, images, { config }), 4);
    reconstruct.dispose();
    unet.dispose();
  });
});
