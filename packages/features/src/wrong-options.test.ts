import { expect, test } from 'vitest';
import {
  adaptationLoss,
  adaptFeatures,
  efficientNetLite0,
  embedded,
  embeddedArchitecture,
  fromLayersModel,
  resnet18,
  resnet34,
  resnet50,
  resnet101,
  wideResnet50_2,
  wideResnet101_2,
} from './index.js';

const none = undefined as never;
const wrong = { nosuch: 1 } as never;

/** The options are looked at before anything else. */
const calls: Record<string, () => unknown> = {
  adaptFeatures: () => adaptFeatures(wrong),
  adaptationLoss: () => adaptationLoss(none, none, wrong),
  efficientNetLite0: () => efficientNetLite0(wrong),
  embedded: () => embedded(wrong),
  embeddedArchitecture: () => embeddedArchitecture(wrong),
  fromLayersModel: () => fromLayersModel(none, none, wrong),
  resnet18: () => resnet18(wrong),
  resnet34: () => resnet34(wrong),
  resnet50: () => resnet50(wrong),
  resnet101: () => resnet101(wrong),
  wideResnet50_2: () => wideResnet50_2(wrong),
  wideResnet101_2: () => wideResnet101_2(wrong),
};

test.each(Object.keys(calls))('%s refuses an option that there is none of', async (name) => {
  await expect(Promise.resolve().then(calls[name])).rejects.toThrow(
    /there is no option 'nosuch', the nearest is '\w+'; there are: /,
  );
});
