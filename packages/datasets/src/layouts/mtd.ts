import { basename, join } from 'node:path';
import { hash } from '../random.js';
import type { Sample } from '../sample.js';
import { foldersIn, imagesBelow, pathBelow } from './files.js';
import { findMasks, type Layout, sample } from './layout.js';
import { named } from './match-masks.js';

/** Share of the good parts that are tested on. */
const TEST_SHARE = 0.2;

/**
 * `MT_<kind>/Imgs/x.jpg` with the mask `x.png`; `MT_Free` is good. Mask values above 127 are defect. There is no
 * official split: all defective images are test images, and of the good ones a fifth, drawn by the part number in
 * the file name (`exp1_num_<part>.jpg`) and the seed, so that all pictures of a part are on the same side.
 */
export const mtd: Layout = async (options) => {
  const { root, category, seed } = options;
  const top = category === undefined ? root : await pathBelow(root, category);
  const train: Sample[] = [];
  const test: Sample[] = [];
  for (const folder of await foldersIn(top)) {
    if (!folder.startsWith('MT_')) continue;
    const defect = folder.slice('MT_'.length);
    const at = join(top, folder, 'Imgs');
    const files = await imagesBelow(at);
    const images = files.filter((path) => !isMask(path));
    if (defect === 'Free') {
      for (const path of images) {
        const split = hash(seed, partNumber(path)) < TEST_SHARE * 2 ** 32 ? 'test' : 'train';
        const samples = split === 'test' ? test : train;
        samples.push(sample(root, path, { split, label: 0, defect: 'good', maskThreshold: 127 }));
      }
      continue;
    }
    const masks = findMasks(named(at, images), named(at, files.filter(isMask)), options);
    for (const path of images) {
      const maskPath = masks.get(path);
      test.push(sample(root, path, { split: 'test', label: 1, defect, maskPath, maskThreshold: 127 }));
    }
  }
  return { folder: top, train, test };
};

function isMask(name: string): boolean {
  return name.toLowerCase().endsWith('.png');
}

function partNumber(path: string): number {
  const name = basename(path);
  const match = /num_(\d+)/.exec(name) ?? /(\d+)\D*$/.exec(name);
  if (!match)
    throw new Error(`openDataset: the MTD file name ${name} has no part number (exp1_num_<part>.jpg)`);
  return Number(match[1]);
}
