import { join } from 'node:path';
import type { Sample } from '../sample.js';
import { categoryFolder } from './category.js';
import { foldersIn, imagesIn, masksIn, stem } from './files.js';
import { type Layout, sample } from './layout.js';

/** `<category>/train/good`, `<category>/test/{good,<defect>}`, `<category>/ground_truth/<defect>/<stem>_mask.png`. */
export const mvtec: Layout = async ({ root, category }) => {
  const folder = await categoryFolder(root, category, 'train');
  return {
    folder,
    train: await goodImages(root, join(folder, 'train', 'good'), 'train'),
    test: await testImages(root, join(folder, 'test'), join(folder, 'ground_truth')),
  };
};

export async function goodImages(root: string, folder: string, split: Sample['split']): Promise<Sample[]> {
  const names = await imagesIn(folder);
  return names.map((name) => sample(root, join(folder, name), { split, label: 0, defect: 'good' }));
}

/** The images of every subfolder of `folder` but `truth`, labelled by its name, with the masks of `truth/<name>`. */
export async function testImages(root: string, folder: string, truth: string): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const defect of await foldersIn(folder)) {
    const images = join(folder, defect);
    if (images === truth) continue;
    if (defect === 'good') {
      samples.push(...(await goodImages(root, images, 'test')));
      continue;
    }
    const masks = await masksIn(join(truth, defect));
    for (const name of await imagesIn(images)) {
      const maskPath = masks.get(stem(name));
      samples.push(sample(root, join(images, name), { split: 'test', label: 1, defect, maskPath }));
    }
  }
  return samples;
}
