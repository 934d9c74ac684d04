import { join } from 'node:path';
import { hash } from '../random.js';
import type { Sample } from '../sample.js';
import { foldersIn, imagesIn, nativePath, stem } from './files.js';
import { type Layout, sample } from './layout.js';

/** Share of the good parts that are tested on. */
const TEST_SHARE = 0.2;

/**
 * `MT_<kind>/Imgs/x.jpg` with the mask `x.png`; `MT_Free` is good. Mask values above 127 are defect. There is no
 * official split: all defective images are test images, and of the good ones a fifth, drawn by the part number in
 * the file name (`exp1_num_<part>.jpg`) and the seed, so that all pictures of a part are on the same side.
 */
export const mtd: Layout = async ({ root, category, seed }) => {
  const top = category === undefined ? root : join(root, nativePath(category));
  const train: Sample[] = [];
  const test: Sample[] = [];
  for (const folder of await foldersIn(top)) {
    if (!folder.startsWith('MT_')) continue;
    const kind = folder.slice('MT_'.length);
    const at = join(top, folder, 'Imgs');
    const names = await imagesIn(at);
    const masks = new Map(names.filter(isMask).map((name) => [stem(name), join(at, name)]));
    for (const name of names) {
      if (isMask(name)) continue;
      const path = join(at, name);
      if (kind !== 'Free') {
        const maskPath = masks.get(stem(name));
        test.push(
          sample(root, path, { split: 'test', label: 1, defect: kind, maskPath, maskThreshold: 127 }),
        );
        continue;
      }
      const split = hash(seed, partNumber(name)) < TEST_SHARE * 2 ** 32 ? 'test' : 'train';
      const samples = split === 'test' ? test : train;
      samples.push(sample(root, path, { split, label: 0, defect: 'good', maskThreshold: 127 }));
    }
  }
  return { folder: top, train, test };
};

function isMask(name: string): boolean {
  return name.toLowerCase().endsWith('.png');
}

function partNumber(name: string): number {
  const match = /num_(\d+)/.exec(name) ?? /(\d+)\D*$/.exec(name);
  if (!match)
    throw new Error(`openDataset: the MTD file name ${name} has no part number (exp1_num_<part>.jpg)`);
  return Number(match[1]);
}
