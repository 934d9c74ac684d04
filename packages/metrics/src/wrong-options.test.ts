import { expect, test } from 'vitest';
import {
  aupimo,
  aupro,
  bootstrapInterval,
  confusion,
  connectedComponents,
  goodPixelThreshold,
  PixelMetrics,
  proCurve,
  segF1,
} from './index.js';

const none = undefined as never;
const wrong = { nosuch: 1 } as never;

/** The options are looked at before anything else. */
const calls: Record<string, () => unknown> = {
  aupimo: () => aupimo(none, none, wrong),
  aupro: () => aupro(none, none, wrong),
  bootstrapInterval: () => bootstrapInterval(none, none, wrong),
  confusion: () => confusion(none, none, wrong),
  connectedComponents: () => connectedComponents(none, wrong),
  goodPixelThreshold: () => goodPixelThreshold(none, wrong),
  segF1: () => segF1(none, wrong),
  proCurve: () => proCurve(none, none, wrong),
  PixelMetrics: () => new PixelMetrics(wrong),
  'PixelMetrics.add': () => new PixelMetrics().add([], [], wrong),
  'PixelMetrics.compute': () => new PixelMetrics().compute(wrong),
};

test.each(Object.keys(calls))('%s refuses an option that there is none of', async (name) => {
  await expect(Promise.resolve().then(calls[name])).rejects.toThrow(
    /there is no option 'nosuch', the nearest is '\w+'; there are: /,
  );
});
