import { join } from 'node:path';
import { categoryFolder } from './category.js';
import { foldersIn, stem } from './files.js';
import type { Layout } from './layout.js';
import { goodImages, testImages } from './mvtec.js';

/**
 * MVTec LOCO: MVTec's layout, `validation/good`, and `ground_truth/{logical,structural}_anomalies/<stem>/NNN.png`,
 * several masks per image; `maskPath` is their folder.
 */
export const loco: Layout = async ({ root, category }) => {
  const folder = await categoryFolder(root, category, 'train');
  const test = await testImages(root, join(folder, 'test'), join(folder, 'ground_truth'));
  const masks = new Map<string, string>();
  for (const defect of await foldersIn(join(folder, 'ground_truth'))) {
    for (const name of await foldersIn(join(folder, 'ground_truth', defect))) {
      masks.set(`${defect}/${name}`, join(folder, 'ground_truth', defect, name));
    }
  }
  return {
    folder,
    train: await goodImages(root, join(folder, 'train', 'good'), 'train'),
    validation: await goodImages(root, join(folder, 'validation', 'good'), 'validation'),
    test: test.map((one) => {
      const maskPath = masks.get(`${one.defect}/${stem(one.id.slice(one.id.lastIndexOf('/') + 1))}`);
      return maskPath === undefined ? one : { ...one, maskPath };
    }),
  };
};
