import { basename, dirname, resolve } from 'node:path';
import { batches, loadImages, loadMask, openDataset } from '@ddad/datasets';
import { toTensor } from '@ddad/detector';
import { reduce } from '@ddad/diffusion';
import * as tf from '@tensorflow/tfjs';

/**
 * Pictures of a category in MVTec's layout, `[1, size, size, 3]` in [-1, 1]: to train on, held back (a tenth, at least
 * seven, evenly) and to test, with label and mask of the last.
 */
export async function loadSet(path, { size }) {
  const root = resolve(path);
  const { train, test } = await openDataset({ kind: 'mvtec', root: dirname(root), category: basename(root) });
  const load = async (samples) => {
    const store = await loadImages(samples, { size: [size, size] });
    return store.samples.map((_, i) => toTensor([store.batch([i])], size, 3));
  };
  const good = await load(train);
  const every = Math.floor(good.length / Math.max(7, Math.round(good.length / 10)));
  const isHeldBack = (i) => i % every === every - 1;
  return {
    training: good.filter((_, i) => !isHeldBack(i)),
    heldBack: good.filter((_, i) => isHeldBack(i)),
    test: await load(test),
    labels: test.map(({ label }) => label),
    masks: await Promise.all(test.map((sample) => loadMask(sample, { size: [size, size] }))),
  };
}

/** Pictures as one tensor, each value the mean of a square. */
export const reduced = (pictures, factor) => tf.tidy(() => reduce(tf.concat(pictures), factor));

/** Shuffled batches of each epoch. */
export function shuffled(images, { batchSize, seed }) {
  const count = images.shape[0];
  return function* (epoch) {
    const options = { batchSize: Math.min(batchSize, count), seed, epoch, dropLast: true };
    for (const batch of batches([...Array(count).keys()], options)) {
      yield tf.tidy(() => tf.gather(images, tf.tensor1d(batch, 'int32')));
    }
  };
}
