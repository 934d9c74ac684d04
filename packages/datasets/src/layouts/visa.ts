import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Sample } from '../sample.js';
import { foldersIn, imagesBelow, isFolder, pathBelow, sameName, toId } from './files.js';
import { findMasks, type Layout, type LayoutOptions, sample } from './layout.js';
import { type Named, named } from './match-masks.js';
import { goodImages } from './mvtec.js';
import { readVisaCsv, visaCsvPath } from './visa-csv.js';

/**
 * VisA as downloaded (`<object>/Data` and `split_csv/<visaSplit>.csv`) or prepared
 * (`<visaSplit>/<object>/{train,test}/{good,bad}` or `<object>/...`, masks in `ground_truth/bad` and, for training
 * images, `ground_truth/train/bad`). Mask values are class ids: non-zero is defect.
 */
export const visa: Layout = async (options) => {
  const { root, category, visaSplit } = options;
  const csv = visaCsvPath(root, visaSplit);
  if (existsSync(csv)) return raw(options, csv);
  for (const top of [join(root, visaSplit), root]) {
    const objects = await preparedObjects(top);
    if (objects.length === 0) continue;
    const object = objects.find((name) => category !== undefined && sameName(name, category));
    if (object !== undefined) return prepared(options, join(top, object));
    throw unknown(category, root, objects);
  }
  throw new Error(
    `openDataset: ${root} holds neither VisA as downloaded (no ${csv}) nor prepared (no folder ${join(visaSplit, '<object>', 'train', 'good')})`,
  );
};

async function raw({ root, category, report }: LayoutOptions, csv: string) {
  const rows = await readVisaCsv(csv);
  const objects = [...new Set(rows.map((row) => row.object))];
  const object = objects.find((name) => category !== undefined && sameName(name, category));
  if (object === undefined) throw unknown(category, root, objects);
  const folder = await pathBelow(root, object);
  const onDisk = new Map(
    (await imagesBelow(folder)).map((path) => [toId(root, path).normalize('NFC'), path] as const),
  );
  const located = (path: string) => onDisk.get(path.normalize('NFC')) ?? join(root, path);
  const listed = new Map<string, string[]>();
  const samples = rows
    .filter((row) => row.object === object)
    .map(({ split, label, image, mask }) => {
      listed.set(image, [...(listed.get(image) ?? []), mask || 'none']);
      return sample(root, located(image), {
        split,
        label: label === 'normal' ? 0 : 1,
        defect: label === 'normal' ? 'good' : 'bad',
        maskPath: mask === '' ? undefined : located(mask),
      });
    });
  for (const [image, masks] of listed) {
    if (masks.length === 1) continue;
    report({
      severity: 'error',
      code: 'ambiguous-mask',
      message: `${basename(csv)} lists ${image} ${masks.length} times, with the masks ${masks.join(' and ')}`,
      remedy: 'Delete all lines of the image but one.',
      paths: [image, ...masks.filter((mask) => mask !== 'none')],
    });
  }
  return bySplit(folder, samples);
}

async function prepared(options: LayoutOptions, folder: string) {
  const { root } = options;
  const samples: Sample[] = [];
  const bad: (Named & { split: 'train' | 'test'; truth: string })[] = [];
  for (const split of ['train', 'test'] as const) {
    samples.push(...(await goodImages(root, join(folder, split, 'good'), split)));
    const own = join(folder, 'ground_truth', split, 'bad');
    const truth = (await isFolder(own)) ? own : join(folder, 'ground_truth', 'bad');
    const at = join(folder, split, 'bad');
    for (const one of named(at, await imagesBelow(at))) bad.push({ ...one, split, truth });
  }
  for (const truth of new Set(bad.map((one) => one.truth))) {
    const images = bad.filter((one) => one.truth === truth);
    const masks = findMasks(images, named(truth, await imagesBelow(truth)), options);
    for (const { path, split } of images)
      samples.push(sample(root, path, { split, label: 1, defect: 'bad', maskPath: masks.get(path) }));
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
