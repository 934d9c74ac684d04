import { expect, test } from 'vitest';
import {
  augment,
  batches,
  checkDataset,
  halfBatches,
  loadImage,
  loadImages,
  loadMask,
  makeSynthetic,
  openDataset,
  prepareVisa,
  walkImages,
} from './index.js';

const none = undefined as never;
const wrong = { nosuch: 1 } as never;

/** The options are looked at before anything else. */
const calls: Record<string, () => unknown> = {
  augment: () => augment(none, wrong),
  batches: () => batches(none, wrong),
  halfBatches: () => halfBatches(none, wrong),
  checkDataset: () => checkDataset(wrong),
  loadImage: () => loadImage(none, wrong),
  loadImages: () => loadImages(none, wrong),
  loadMask: () => loadMask(none, wrong),
  makeSynthetic: () => makeSynthetic(wrong),
  openDataset: () => openDataset({ root: '.', nosuch: 1 } as never),
  prepareVisa: () => prepareVisa(wrong),
  walkImages: () => walkImages(none, wrong),
};

test.each(Object.keys(calls))('%s refuses an option that there is none of', async (name) => {
  await expect(Promise.resolve().then(calls[name])).rejects.toThrow(
    /there is no option 'nosuch', the nearest is '\w+'; there are: /,
  );
});
