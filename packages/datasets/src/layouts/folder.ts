import { basename, join, resolve } from 'node:path';
import type { Sample } from '../sample.js';
import { foldersIn, imagesBelow, isFolder, masksIn, nativePath, stem } from './files.js';
import { type Layout, sample } from './layout.js';

/**
 * A user's own images. The first of these that holds:
 *
 * 1. there is `train/`: the good images are in `train/good` or, without it, in `train`;
 * 2. there is `good/`: these are the good images, and every other folder but `ground_truth` is test images with
 *    the defect of its name;
 * 3. all images are good ones, the test folder left out.
 *
 * Test images are in `test` (default `<root>/test`). If that has a folder `good`, its folders are good images and
 * defects by name; otherwise all images in it are of unknown label. Masks are in `masks` (default
 * `<root>/ground_truth`), as `<defect>/<stem>_mask.png` or `<stem>.png`; an image with a mask is anomalous.
 * Folders are searched to any depth, hidden ones never.
 */
export const folder: Layout = async ({ root: top, category, test, masks }) => {
  const root = category === undefined ? top : join(top, nativePath(category));
  if (!(await isFolder(root))) throw new Error(`openDataset: there is no folder ${root}`);
  const truth = await optionalFolder(masks, 'masks', join(root, 'ground_truth'));
  const testFolder = await optionalFolder(test, 'test', join(root, 'test'));
  const good = async (at: string, split: Sample['split'], except: string[] = []) =>
    (await imagesBelow(at, except)).map((path) => sample(top, path, { split, label: 0, defect: 'good' }));

  let train: Sample[];
  const samples: Sample[] = [];
  if (await isFolder(join(root, 'train'))) {
    const inner = join(root, 'train', 'good');
    train = await good((await isFolder(inner)) ? inner : join(root, 'train'), 'train');
  } else if (await isFolder(join(root, 'good'))) {
    train = await good(join(root, 'good'), 'train');
    for (const name of await foldersIn(root)) {
      const at = join(root, name);
      if (name !== 'good' && at !== testFolder && at !== truth)
        samples.push(...(await defective(top, at, truth)));
    }
  } else {
    train = await good(root, 'train', [testFolder, truth]);
  }

  if (await isFolder(join(testFolder, 'good'))) {
    for (const name of await foldersIn(testFolder)) {
      const at = join(testFolder, name);
      if (name === 'good') samples.push(...(await good(at, 'test')));
      else if (at !== truth) samples.push(...(await defective(top, at, truth)));
    }
  } else {
    samples.push(...(await unlabelled(top, testFolder, truth)));
  }
  return { folder: root, train, test: samples };
};

async function optionalFolder(given: string | undefined, option: string, standard: string): Promise<string> {
  if (given === undefined) return resolve(standard);
  const path = resolve(nativePath(given));
  if (!(await isFolder(path))) throw new Error(`openDataset: option ${option}: there is no folder ${given}`);
  return path;
}

async function defective(root: string, at: string, truth: string): Promise<Sample[]> {
  const defect = basename(at);
  const masks = await masksIn(join(truth, defect));
  return (await imagesBelow(at)).map((path) =>
    sample(root, path, { split: 'test', label: 1, defect, maskPath: masks.get(stem(basename(path))) }),
  );
}

async function unlabelled(root: string, at: string, truth: string): Promise<Sample[]> {
  const masks = await masksIn(truth);
  return (await imagesBelow(at, [truth])).map((path) => {
    const maskPath = masks.get(stem(basename(path)));
    if (maskPath === undefined)
      return sample(root, path, { split: 'test', label: undefined, defect: 'unknown' });
    return sample(root, path, { split: 'test', label: 1, defect: 'unknown', maskPath });
  });
}
