import { expect, test } from 'vitest';
import { decodeImage, decodeSamples, encodeJpeg, fitImage, placementOf, readImage, resize } from './index.js';

const none = undefined as never;
const wrong = { nosuch: 1 } as never;

/** The options are looked at before anything else. */
const calls: Record<string, () => unknown> = {
  decodeImage: () => decodeImage(none, wrong),
  encodeJpeg: () => encodeJpeg(none, wrong),
  decodeSamples: () => decodeSamples(none, wrong),
  fitImage: () => fitImage(none, wrong),
  placementOf: () => placementOf({ width: 4, height: 4 }, wrong),
  readImage: () => readImage(none, wrong),
  resize: () => resize(none, wrong),
};

test.each(Object.keys(calls))('%s refuses an option that there is none of', async (name) => {
  await expect(Promise.resolve().then(calls[name])).rejects.toThrow(
    /there is no option 'nosuch', the nearest is '\w+'; there are: /,
  );
});
