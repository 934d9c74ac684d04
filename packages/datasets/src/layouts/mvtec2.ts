import { join } from 'node:path';
import { categoryFolder } from './category.js';
import type { Layout } from './layout.js';
import { goodImages, testImages } from './mvtec.js';

/**
 * MVTec AD 2: `train/good`, `validation/good`, `test_public/{good,bad}` with masks in
 * `test_public/ground_truth/bad`. The private test images have no labels and are left out.
 */
export const mvtec2: Layout = async ({ root, category }) => {
  const folder = await categoryFolder(root, category, 'train');
  const test = await testImages(
    root,
    join(folder, 'test_public'),
    join(folder, 'test_public', 'ground_truth'),
  );
  return {
    folder,
    train: await goodImages(root, join(folder, 'train', 'good'), 'train'),
    validation: await goodImages(root, join(folder, 'validation', 'good'), 'validation'),
    test,
  };
};
