import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Sample } from '../sample.js';
import { foldersIn, imagesIn, isFolder, masksIn, stem } from './files.js';
import { type Layout, sample } from './layout.js';
import { readVisaCsv, visaCsvPath } from './visa-csv.js';

/**
 * VisA as downloaded (`<object>/Data` and `split_csv/<visaSplit>.csv`) or prepared
 * (`<visaSplit>/<object>/{train,test}/{good,bad}` or `<object>/...`, masks in `ground_truth/bad` and, for training
 * images, `ground_truth/train/bad`). Mask values are class ids: non-zero is defect.
 */
export const visa: Layout = async (options) => {
  const { root, category, visaSplit } = options;
  const csv = visaCsvPath(root, visaSplit);
  if (existsSync(csv)) return raw(root, category, csv);
  for (const top of [join(root, visaSplit), root]) {
    const objects = await preparedObjects(top);
    if (objects.length === 0) continue;
    if (category !== undefined && objects.includes(category)) return prepared(root, join(top, category));
    throw unknown(category, root, objects);
  }
  throw new Error(
    `openDataset: ${root} holds neither VisA as downloaded (no ${csv}) nor prepared (no folder ${join(visaSplit, '<object>', 'train', 'good')})`,
  );
};

async function raw(root: string, category: string | undefined, csv: string) {
  const rows = await readVisaCsv(csv);
  const objects = [...new Set(rows.map((row) => row.object))];
  if (category === undefined || !objects.includes(category)) throw unknown(category, root, objects);
  const samples = rows
    .filter((row) => row.object === category)
    .map(({ split, label, image, mask }) =>
      sample(root, join(root, image), {
        split,
        label: label === 'normal' ? 0 : 1,
        defect: label === 'normal' ? 'good' : 'bad',
        maskPath: mask === '' ? undefined : join(root, mask),
      }),
    );
  return bySplit(join(root, category), samples);
}

async function prepared(root: string, folder: string) {
  const samples: Sample[] = [];
  for (const split of ['train', 'test'] as const) {
    const own = join(folder, 'ground_truth', split, 'bad');
    const masks = await masksIn((await isFolder(own)) ? own : join(folder, 'ground_truth', 'bad'));
    for (const defect of ['good', 'bad']) {
      for (const name of await imagesIn(join(folder, split, defect))) {
        const path = join(folder, split, defect, name);
        const isGood = defect === 'good';
        const maskPath = isGood ? undefined : masks.get(stem(basename(name)));
        samples.push(sample(root, path, { split, label: isGood ? 0 : 1, defect, maskPath }));
      }
    }
  }
  return bySplit(folder, samples);
}

function bySplit(folder: string, samples: Sample[]) {
  return {
    folder,
    train: samples.filter(({ split }) => split === 'train'),
    test: samples.filter(({ split }) => split === 'test'),
  };
}

async function preparedObjects(top: string): Promise<string[]> {
  const objects = [];
  for (const name of await foldersIn(top))
    if (await isFolder(join(top, name, 'train', 'good'))) objects.push(name);
  return objects;
}

function unknown(category: string | undefined, root: string, objects: string[]): Error {
  const wrong = category === undefined ? 'needs a category of' : `no category '${category}' in`;
  return new Error(`openDataset: ${wrong} ${root}; there are: ${objects.join(', ')}`);
}
