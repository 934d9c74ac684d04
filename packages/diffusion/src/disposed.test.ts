import { startEngine } from '@ddad/nn';
import { expectNoLeak, testEngine } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { linearSchedule } from './linear-schedule.js';
import { createReconstructor, reconstruct } from './reconstruct.js';
import { UNet } from './unet.js';

beforeAll(async () => {
  await startEngine({ engine: testEngine });
});

test('after dispose a UNet says so, whatever is asked of it', async () => {
  await expectNoLeak(async () => {
    const unet = new UNet({ imageSize: 32, baseChannels: 32, channelMultipliers: [1], resBlocks: 1 });
    const x = tf.zeros([1, 32, 32, 3]) as tf.Tensor4D;
    const options = { target: x, w: 1, schedule: linearSchedule(), start: 20, skip: 20 };
    (await reconstruct(unet, x, options)).dispose();
    const state = await unet.stateDict();
    unet.dispose();
    unet.dispose();
    const disposed = (who: string) => `${who}: this network was disposed; make or load it again`;
    expect(() => unet.forward(x, 1)).toThrow(disposed('UNet.forward'));
    expect(() => unet.loadStateDict(state)).toThrow(disposed('UNet.loadStateDict'));
    await expect(unet.stateDict()).rejects.toThrow(disposed('UNet.stateDict'));
    await expect(reconstruct(unet, x, options)).rejects.toThrow(disposed('UNet.forward'));
    const own = createReconstructor(unet);
    await expect(own(x, options)).rejects.toThrow(disposed('UNet.forward'));
    own.dispose();
    x.dispose();
  });
});
