import { startEngine } from '@ddad/nn';
import { expectNoLeak, relativeError, testEngine, tolerance, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { linearSchedule } from './linear-schedule.js';
import { trainUNet } from './train-unet.js';
import { UNet } from './unet.js';

/** The losses of a few steps of a small network with attention, from seeded weights and noise. */
async function losses(engine: string): Promise<number[]> {
  await startEngine({ engine });
  return expectNoLeak(async () => {
    const options = { imageSize: 4, baseChannels: 32, heads: 2, resBlocks: 1, attentionResolutions: [] };
    const unet = new UNet({ ...options, channelMultipliers: [1, 1], seed: 5 });
    const found: number[] = [];
    await trainUNet({
      unet,
      schedule: linearSchedule(),
      batches: () => [tf.tensor4d(uniform('images', [2, 4, 4, 3]), [2, 4, 4, 3])],
      steps: 3,
      seed: 11,
      onProgress: ({ loss }) => found.push(loss),
    });
    unet.dispose();
    return found;
  });
}

// tools/peers/loss-curves.mjs takes 200 steps
it("trains as it does on tfjs's cpu", async () => {
  const expected = await losses('cpu');
  const actual = await losses(testEngine);
  expect(actual).toHaveLength(3);
  expect(new Set(expected).size).toBe(3);
  expect(relativeError(actual, expected)).toBeLessThan(tolerance(1e-5));
}, 300_000);
