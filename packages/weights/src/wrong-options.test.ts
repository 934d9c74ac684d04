import { expect, test } from 'vitest';
import {
  cachedPretrainedPath,
  downloadFile,
  pretrainedPath,
  readSafetensors,
  readStateDict,
  readTorch,
  readWeightsFile,
} from './index.js';

const none = undefined as never;
const wrong = { nosuch: 1 } as never;

/** The options are looked at before anything else. */
const calls: Record<string, () => unknown> = {
  cachedPretrainedPath: () => cachedPretrainedPath(none, wrong),
  downloadFile: () => downloadFile(none, none, wrong),
  pretrainedPath: () => pretrainedPath(none, wrong),
  readSafetensors: () => readSafetensors(none, wrong),
  readTorch: () => readTorch(none, wrong),
  readStateDict: () => readStateDict('weights.pth', wrong),
  readWeightsFile: () => readWeightsFile('weights.pth', wrong),
};

test.each(Object.keys(calls))('%s refuses an option that there is none of', async (name) => {
  await expect(Promise.resolve().then(calls[name])).rejects.toThrow(
    /there is no option 'nosuch', the nearest is '\w+'; there are: /,
  );
});
