import { checkGradients, expectNoLeak, gauss, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';
import { beforeAll, expect, it } from 'vitest';
import { linearSchedule } from './linear-schedule.js';
import { trainingLoss } from './training-loss.js';
import { UNet } from './unet.js';

beforeAll(() => initOrt({ threads: 1 }));

it('has the gradient that differences of its values show, for every parameter', async () => {
  await expectNoLeak(async () => {
    const unet = new UNet({
      imageSize: 8,
      baseChannels: 32,
      channelMultipliers: [1, 2],
      resBlocks: 1,
      heads: 2,
      attentionResolutions: [4],
    });
    // Some weights start at zero, and would hide the gradients of those before them.
    for (const [name, parameter] of unet.namedParameters) {
      tf.tidy(() =>
        parameter.assign(
          tf.add(parameter, tf.mul(tf.tensor(gauss(name, parameter.shape), parameter.shape), 0.05)),
        ),
      );
    }
    const shape: [number, number, number, number] = [2, 8, 8, 3];
    const x0 = tf.tensor4d(uniform('x0', shape), shape);
    const noise = tf.tensor4d(gauss('noise', shape), shape);
    const schedule = linearSchedule();
    const checks = await checkGradients(unet.namedParameters, () =>
      trainingLoss(unet, x0, { t: [20, 700], noise, schedule }),
    );
    expect(checks.size).toBeGreaterThan(60);
    for (const [name, { along, across }] of checks) {
      expect(along, name).toBeLessThan(0.03);
      expect(across, name).toBeLessThan(0.1);
    }
    tf.dispose([x0, noise]);
    unet.dispose();
  });
});
