import { expect, test } from 'vitest';
import {
  adam,
  adamW,
  batchNorm2d,
  compileStep,
  conv2d,
  cosine,
  depthwiseConv2d,
  groupNorm,
  listEngines,
  startEngine,
} from './index.js';

const none = undefined as never;
const wrong = { nosuch: 1 } as never;

/** The options are looked at before anything else. */
const calls: Record<string, () => unknown> = {
  listEngines: () => listEngines(wrong),
  startEngine: () => startEngine(wrong),
  batchNorm2d: () => batchNorm2d(none, wrong),
  conv2d: () => conv2d(none, wrong),
  depthwiseConv2d: () => depthwiseConv2d(none, wrong),
  groupNorm: () => groupNorm(none, wrong),
  adam: () => adam(wrong),
  adamW: () => adamW(wrong),
  compileStep: () => compileStep(none, wrong),
  cosine: () => cosine(wrong),
};

test.each(Object.keys(calls))('%s refuses an option that there is none of', async (name) => {
  await expect(Promise.resolve().then(calls[name])).rejects.toThrow(
    /there is no option 'nosuch', the nearest is '\w+'; there are: /,
  );
});
