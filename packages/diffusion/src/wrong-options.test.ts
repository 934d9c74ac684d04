import { expect, test } from 'vitest';
import { fitGaussian, linearSchedule, predictNoise, repair, trainingLoss, trainUNet, UNet } from './index.js';

const none = undefined as never;
const wrong = { nosuch: 1 } as never;

/** The options are looked at before anything else. */
const calls: Record<string, () => unknown> = {
  fitGaussian: () => fitGaussian(none, wrong),
  linearSchedule: () => linearSchedule(wrong),
  predictNoise: () => predictNoise(none, none, wrong),
  repair: () => repair(none, wrong),
  trainUNet: () => trainUNet(wrong),
  trainingLoss: () => trainingLoss(none, none, wrong),
  UNet: () => new UNet(wrong),
};

test.each(Object.keys(calls))('%s refuses an option that there is none of', async (name) => {
  await expect(Promise.resolve().then(calls[name])).rejects.toThrow(
    /there is no option 'nosuch', the nearest is '\w+'; there are: /,
  );
});
