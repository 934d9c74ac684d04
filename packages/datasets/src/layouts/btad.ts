import { join } from 'node:path';
import type { Sample } from '../sample.js';
import { categoryFolder } from './category.js';
import { imagesIn, masksIn, stem } from './files.js';
import { type Layout, sample } from './layout.js';

/** `{01,02,03}/{train,test}/{ok,ko}` with masks in `ground_truth/ko`, BMP or PNG. */
export const btad: Layout = async ({ root, category }) => {
  const folder = await categoryFolder(root, category, 'train');
  const masks = await masksIn(join(folder, 'ground_truth', 'ko'));
  const read = async (split: 'train' | 'test', name: 'ok' | 'ko'): Promise<Sample[]> => {
    const at = join(folder, split, name);
    return (await imagesIn(at)).map((image) =>
      name === 'ok'
        ? sample(root, join(at, image), { split, label: 0, defect: 'good' })
        : sample(root, join(at, image), { split, label: 1, defect: 'ko', maskPath: masks.get(stem(image)) }),
    );
  };
  return {
    folder,
    train: await read('train', 'ok'),
    test: [...(await read('test', 'ok')), ...(await read('test', 'ko'))],
  };
};
