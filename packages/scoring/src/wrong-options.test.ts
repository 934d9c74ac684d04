import { expect, test } from 'vitest';
import {
  anomalyMap,
  calibrate,
  defectRegions,
  falseAlarmInterval,
  featureDistance,
  imageScore,
  scoreThreshold,
  sumOfTerms,
} from './index.js';

const none = undefined as never;
const wrong = { nosuch: 1 } as never;

/** The options are looked at before anything else. */
const calls: Record<string, () => unknown> = {
  anomalyMap: () => anomalyMap(wrong),
  calibrate: () => calibrate(wrong),
  defectRegions: () => defectRegions(none, wrong),
  falseAlarmInterval: () => falseAlarmInterval(wrong),
  featureDistance: () => featureDistance(none, none, wrong),
  imageScore: () => imageScore(none, wrong),
  scoreThreshold: () => scoreThreshold(wrong),
  sumOfTerms: () => sumOfTerms(none, wrong),
};

test.each(Object.keys(calls))('%s refuses an option that there is none of', async (name) => {
  await expect(Promise.resolve().then(calls[name])).rejects.toThrow(
    /there is no option 'nosuch', the nearest is '\w+'; there are: /,
  );
});
