import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { replaceFile } from '@ddad/files';
import { encodePng } from '@ddad/images';
import { checkOptions } from '@ddad/options';
import { isFolder, nativePath, sameName, stem } from './layouts/files.js';
import { readVisaCsv, type VisaRow, type VisaSplit, visaCsvPath } from './layouts/visa-csv.js';
import { loadImage } from './load-image.js';
import { readMask } from './read-mask.js';

export interface PrepareVisaOptions {
  /** VisA as downloaded: `<object>/Data/{Images,Masks}`. */
  root: string;
  /** @default '<root>/split_csv/<split>.csv' */
  splitCsv?: string;
  /** Where `<split>/<object>/...` is written. */
  out: string;
  /** @default what the name of `splitCsv` ends in, '1cls' without `splitCsv` */
  split?: VisaSplit;
  /**
   * Images as PNG and masks under their image's name, which the DDAD reference can read. Otherwise images are
   * copied unchanged and masks keep their own names.
   * @default false
   */
  png?: boolean;
  onProgress?: (progress: { done: number; total: number; path: string }) => void;
  signal?: AbortSignal;
}

export interface PreparedVisa {
  folder: string;
  counts: { trainGood: number; trainBad: number; testGood: number; testBad: number; masks: number };
  /** Files that were there already from an earlier run. */
  kept: number;
}

const SPLITS: readonly VisaSplit[] = ['1cls', '2cls_highshot', '2cls_fewshot'];

/**
 * Writes VisA in MVTec's layout, as spot-diff's `prepare_data.py` does: `<out>/<split>/<object>/{train,test}/{good,bad}`
 * and masks with every defect as 255 in `ground_truth/bad`, for the two-class splits in `ground_truth/{train,test}/bad`.
 *
 * A second run only writes what is missing, so it can be interrupted.
 *
 * @throws if a folder or a listed file is missing or cannot be read, two images or masks would get the same name, or a
 * mask is not named after its image
 * @see https://github.com/amazon-science/spot-diff
 */
export async function prepareVisa(options: PrepareVisaOptions): Promise<PreparedVisa> {
  checkOptions('prepareVisa', options, {
    root: true,
    splitCsv: true,
    out: true,
    split: true,
    png: true,
    onProgress: true,
    signal: true,
  });
  const { out, png = false, onProgress, signal } = options;
  const root = resolve(nativePath(options.root));
  if (!(await isFolder(root))) throw new Error(`prepareVisa: there is no folder ${options.root}`);
  const given = options.splitCsv === undefined ? undefined : nativePath(options.splitCsv);
  const split = options.split ?? (given === undefined ? '1cls' : splitOf(given));
  if (!SPLITS.includes(split)) {
    throw new Error(`prepareVisa: split must be one of ${SPLITS.join(', ')}, got '${split}'`);
  }
  const csv = given ?? visaCsvPath(root, split);
  if (!existsSync(csv)) {
    throw new Error(`prepareVisa: there is no file ${csv}; give the CSV of the split (option splitCsv)`);
  }
  const rows = await readVisaCsv(csv);
  const folder = resolve(out, split);
  const targets = rows.map((row) => target(row, { folder, twoClasses: split !== '1cls', png }));
  const taken = new Map<string, string>();
  const take = (path: string, from: string) => {
    const other = taken.get(path);
    if (other !== undefined) throw new Error(`prepareVisa: ${other} and ${from} would both become ${path}`);
    taken.set(path, from);
  };
  for (const [i, { image, mask }] of targets.entries()) {
    take(image, rows[i]!.image);
    if (mask === undefined) continue;
    take(mask, rows[i]!.mask);
    if (!sameName(stem(basename(mask)), stem(basename(image)))) {
      throw new Error(
        `prepareVisa: the mask ${rows[i]!.mask} is not named after its image ${rows[i]!.image}, so that nobody would find it; ` +
          'rename it, or have masks named after their images (option png)',
      );
    }
  }

  const counts = { trainGood: 0, trainBad: 0, testGood: 0, testBad: 0, masks: 0 };
  let kept = 0;
  for (const [i, row] of rows.entries()) {
    signal?.throwIfAborted();
    const { image, mask } = targets[i]!;
    const source = join(root, row.image);
    if (await isComplete(image, png ? undefined : source)) kept++;
    else await replaceFile(image, png ? encodePng(await loadImage(source)) : await read(source));
    if (mask !== undefined) {
      counts.masks++;
      if (await isComplete(mask)) kept++;
      else
        await replaceFile(
          mask,
          encodePng(await readMask(join(root, row.mask), { who: 'prepareVisa', threshold: 0 })),
        );
    }
    counts[`${row.split}${row.label === 'normal' ? 'Good' : 'Bad'}`]++;
    onProgress?.({ done: i + 1, total: rows.length, path: image });
  }
  return { folder, counts, kept };
}

/** `2cls_fewshot.csv` and `visa-2cls_fewshot.csv` are of the same split. */
function splitOf(csv: string): VisaSplit {
  const name = stem(basename(csv));
  const split = SPLITS.find(
    (each) => name === each || name.endsWith(`_${each}`) || name.endsWith(`-${each}`),
  );
  if (split) return split;
  throw new Error(
    `prepareVisa: ${csv} is not named after one of ${SPLITS.join(', ')}; say which split it is (option split)`,
  );
}

function target(
  row: VisaRow,
  { folder, twoClasses, png }: { folder: string; twoClasses: boolean; png: boolean },
) {
  const label = row.label === 'normal' ? 'good' : 'bad';
  const imageName = png ? `${stem(basename(row.image))}.png` : basename(row.image);
  const image = join(folder, row.object, row.split, label, imageName);
  if (row.mask === '') return { image, mask: undefined };
  const truth = twoClasses ? join('ground_truth', row.split) : 'ground_truth';
  return { image, mask: join(folder, row.object, truth, 'bad', png ? imageName : basename(row.mask)) };
}

/** Files are written whole or not at all; a copy has its source's length, too. */
async function isComplete(path: string, source?: string): Promise<boolean> {
  try {
    const { size } = await stat(path);
    return source === undefined || size === (await stat(source)).size;
  } catch {
    return false;
  }
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Error(`prepareVisa: cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}
