import { expect, test } from 'vitest';
import {
  addToMemory,
  anomalyMap,
  calibrate,
  conformalGuarantee,
  defectRegions,
  driftTest,
  falseAlarmInterval,
  featureDistance,
  featureMemory,
  imageScore,
  memoryDistance,
  reweightedScore,
  scoreThreshold,
  sumOfTerms,
} from './index.js';

const none = undefined as never;
const wrong = { nosuch: 1 } as never;
const memory = { coreset: {}, targets: { shape: [0] } } as never;

/** The options are looked at before anything else. */
const calls: Record<string, () => unknown> = {
  addToMemory: () => addToMemory(memory, wrong),
  anomalyMap: () => anomalyMap(wrong),
  calibrate: () => calibrate(wrong),
  conformalGuarantee: () => conformalGuarantee(wrong),
  defectRegions: () => defectRegions(none, wrong),
  driftTest: () => driftTest(wrong),
  falseAlarmInterval: () => falseAlarmInterval(wrong),
  featureDistance: () => featureDistance(none, none, wrong),
  featureMemory: () => featureMemory(wrong),
  'featureMemory: coreset': () => featureMemory({ features: [], coreset: wrong }),
  imageScore: () => imageScore(none, wrong),
  memoryDistance: () => memoryDistance(memory, none, wrong),
  reweightedScore: () => reweightedScore(memory, {} as never, wrong),
  scoreThreshold: () => scoreThreshold(wrong),
  sumOfTerms: () => sumOfTerms(none, wrong),
};

test.each(Object.keys(calls))('%s refuses an option that there is none of', async (name) => {
  await expect(Promise.resolve().then(calls[name])).rejects.toThrow(
    /there is no option 'nosuch', the nearest is '\w+'; there are: /,
  );
});
