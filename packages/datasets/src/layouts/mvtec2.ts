import { join } from 'node:path';
import { categoryFolder } from './category.js';
import { imagesBelow } from './files.js';
import { type Layout, sample } from './layout.js';
import { goodImages, testImages } from './mvtec.js';

/**
 * MVTec AD 2: `train/good`, `validation/good`, `test_public/{good,bad}` with masks in
 * `test_public/ground_truth/bad`. The images of `test_private` and `test_private_mixed` have no labels.
 */
export const mvtec2: Layout = async (options) => {
  const { root, category } = options;
  const folder = await categoryFolder(root, category, 'train');
  const test = join(folder, 'test_public');
  const unlabelled = await Promise.all(
    ['test_private', 'test_private_mixed'].map((name) => imagesBelow(join(folder, name))),
  );
  return {
    folder,
    train: await goodImages(root, join(folder, 'train', 'good'), 'train'),
    validation: await goodImages(root, join(folder, 'validation', 'good'), 'validation'),
    test: await testImages(options, test, join(test, 'ground_truth')),
    privateTest: unlabelled
      .flat()
      .map((path) => sample(root, path, { split: 'test', label: undefined, defect: 'unknown' })),
  };
};
