import { join } from 'node:path';
import { categoryFolder } from './category.js';
import { imagesBelow } from './files.js';
import { findMasks, type Layout, sample } from './layout.js';
import { named } from './match-masks.js';
import { goodImages } from './mvtec.js';

/** `{01,02,03}/{train,test}/{ok,ko}` with masks in `ground_truth/ko`, BMP or PNG. */
export const btad: Layout = async (options) => {
  const { root, category } = options;
  const folder = await categoryFolder(root, category, 'train');
  const ko = join(folder, 'test', 'ko');
  const truth = join(folder, 'ground_truth', 'ko');
  const images = named(ko, await imagesBelow(ko));
  const masks = findMasks(images, named(truth, await imagesBelow(truth)), options);
  return {
    folder,
    train: await goodImages(root, join(folder, 'train', 'ok'), 'train'),
    test: [
      ...(await goodImages(root, join(folder, 'test', 'ok'), 'test')),
      ...images.map(({ path }) =>
        sample(root, path, { split: 'test', label: 1, defect: 'ko', maskPath: masks.get(path) }),
      ),
    ],
  };
};
