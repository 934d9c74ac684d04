import { join } from 'node:path';
import type { Sample } from '../sample.js';
import { categoryFolder } from './category.js';
import { foldersIn, imagesBelow } from './files.js';
import { findMasks, type Layout, type LayoutOptions, sample } from './layout.js';
import { type Named, named } from './match-masks.js';

/** `<category>/train/good`, `<category>/test/{good,<defect>}`, `<category>/ground_truth/<defect>/<stem>_mask.png`. */
export const mvtec: Layout = async (options) => {
  const { root, category } = options;
  const folder = await categoryFolder(root, category, 'train');
  return {
    folder,
    train: await goodImages(root, join(folder, 'train', 'good'), 'train'),
    test: await testImages(options, join(folder, 'test'), join(folder, 'ground_truth')),
  };
};

export async function goodImages(root: string, folder: string, split: Sample['split']): Promise<Sample[]> {
  return (await imagesBelow(folder)).map((path) => sample(root, path, { split, label: 0, defect: 'good' }));
}

/**
 * The images in the subfolders of `folder` but `truth`, labelled by the name of the subfolder, with masks from `truth`.
 *
 * @param masksIn lists the masks, given the images that may have one
 */
export async function testImages(
  options: LayoutOptions,
  folder: string,
  truth: string,
  masksIn: (truth: string, images: readonly Named[]) => Promise<Named[]> = async () =>
    named(truth, await imagesBelow(truth)),
): Promise<Sample[]> {
  const { root } = options;
  const good: Sample[] = [];
  const images: (Named & { defect: string })[] = [];
  for (const defect of await foldersIn(folder)) {
    const at = join(folder, defect);
    if (at === truth) continue;
    if (defect === 'good') good.push(...(await goodImages(root, at, 'test')));
    else for (const one of named(folder, await imagesBelow(at))) images.push({ ...one, defect });
  }
  const masks = findMasks(images, await masksIn(truth, images), options);
  const anomalous = images.map(({ path, defect }) =>
    sample(root, path, { split: 'test', label: 1, defect, maskPath: masks.get(path) }),
  );
  return [...good, ...anomalous];
}
