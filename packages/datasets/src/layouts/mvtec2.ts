import { join } from 'node:path';
import { categoryFolder } from './category.js';
import type { Layout } from './layout.js';
import { goodImages, testImages } from './mvtec.js';

/**
 * MVTec AD 2: `train/good`, `validation/good`, `test_public/{good,bad}` with masks in
 * `test_public/ground_truth/bad`. The private test images have no labels and are left out.
 */
export const mvtec2: Layout = async (options) => {
  const { root, category } = options;
  const folder = await categoryFolder(root, category, 'train');
  const test = join(folder, 'test_public');
  return {
    folder,
    train: await goodImages(root, join(folder, 'train', 'good'), 'train'),
    validation: await goodImages(root, join(folder, 'validation', 'good'), 'validation'),
    test: await testImages(options, test, join(test, 'ground_truth')),
  };
};
