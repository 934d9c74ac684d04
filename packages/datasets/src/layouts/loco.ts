import { dirname, join } from 'node:path';
import { categoryFolder } from './category.js';
import { imagesBelow, toId } from './files.js';
import type { Layout } from './layout.js';
import { type Named, named } from './match-masks.js';
import { goodImages, testImages } from './mvtec.js';

/**
 * MVTec LOCO: MVTec's layout, `validation/good`, and `ground_truth/{logical,structural}_anomalies/<stem>/NNN.png`,
 * several masks per image; `maskPath` is their folder.
 */
export const loco: Layout = async (options) => {
  const { root, category } = options;
  const folder = await categoryFolder(root, category, 'train');
  return {
    folder,
    train: await goodImages(root, join(folder, 'train', 'good'), 'train'),
    validation: await goodImages(root, join(folder, 'validation', 'good'), 'validation'),
    test: await testImages(options, join(folder, 'test'), join(folder, 'ground_truth'), masksIn),
  };
};

/** Folders that bear the name of an image, each one mask, and all masks that are in none of these. */
async function masksIn(truth: string, images: readonly Named[]): Promise<Named[]> {
  const keys = new Set(images.map(({ key }) => key));
  const folders = new Map<string, Named>();
  const files: string[] = [];
  for (const path of await imagesBelow(truth)) {
    const folder = dirname(path);
    const key = toId(truth, folder).normalize('NFC');
    if (keys.has(key)) folders.set(folder, { key, path: folder });
    else files.push(path);
  }
  return [...folders.values(), ...named(truth, files)];
}
