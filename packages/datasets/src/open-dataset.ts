import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkOptions } from '@ddad/options';
import type { DatasetProblem } from './check/problem.js';
import { DatasetError } from './dataset-error.js';
import { btad } from './layouts/btad.js';
import { isFolder, nativePath, sortById, toId } from './layouts/files.js';
import { folder } from './layouts/folder.js';
import { folderRole } from './layouts/folder-names.js';
import type { Layout } from './layouts/layout.js';
import { loco } from './layouts/loco.js';
import { mtd } from './layouts/mtd.js';
import { mvtec } from './layouts/mvtec.js';
import { mvtec2 } from './layouts/mvtec2.js';
import { visa } from './layouts/visa.js';
import type { VisaSplit } from './layouts/visa-csv.js';
import { isListName, readList } from './lists/read-list.js';
import { recognizeKind } from './recognize-kind.js';
import { type Dataset, type DatasetKind, datasetKinds, type Sample } from './sample.js';
import {
  byFormat,
  describeIgnored,
  formatOf,
  type IgnoredFiles,
  ignoredRemedy,
  imageFormats,
  isArchive,
  walkImages,
} from './walk-images.js';

export interface OpenDatasetOptions {
  /** `auto` takes what {@link recognizeKind} says, and a `.csv`, `.tsv` or `.json` for a list. */
  kind: DatasetKind | 'auto';
  /** The data set's folder: the one that holds the categories, or for `folder` the images; for `list` the file. */
  root: string;
  /** Needed by every kind but `folder` and `mtd`. */
  category?: string;
  /** `folder` only: the folder of test images. @default '<root>/test' where it exists */
  test?: string;
  /** `folder` only: the folder of masks. @default those named `ground_truth`, `masks` and the like in `root` and `test` */
  masks?: string;
  /** `mtd` only, which has no official split: seed of the split. @default 0 */
  seed?: number;
  /** `visa` only: which of the authors' splits. The two-class ones have anomalous training images. @default '1cls' */
  visaSplit?: VisaSplit;
}

const LAYOUTS: Record<Exclude<DatasetKind, 'list'>, Layout> = {
  mvtec,
  visa,
  mtd,
  btad,
  mpdd: mvtec,
  loco,
  mvtec2,
  folder,
};

/**
 * Lists a data set's images: split, label, defect and mask of each, sorted by id. No image is read.
 *
 * Folders are searched to any depth, as {@link walkImages} does. A mask belongs to the image of the same path and stem.
 *
 * @throws if the folder or the category does not exist (the message names those that do)
 * @throws {DatasetError} there is no training image, a mask may belong to several images or an image has several
 * masks, or nobody can tell good images from anomalous ones by the names of their folders
 */
export async function openDataset(options: OpenDatasetOptions): Promise<Dataset> {
  const { dataset, problems } = await indexDataset(options);
  const [first, ...others] = problems;
  if (first) throw new DatasetError('openDataset', [first, ...others]);
  return dataset;
}

/** As {@link openDataset}; what is ambiguous is left out of the index and returned beside it. */
export async function indexDataset(
  options: OpenDatasetOptions,
): Promise<{ dataset: Dataset; problems: DatasetProblem[] }> {
  if (typeof options?.root !== 'string') {
    throw new Error(
      `openDataset: needs { kind, root } with the path of a folder, got root ${String(options?.root)}`,
    );
  }
  checkOptions('openDataset', options, {
    ...{ kind: true, root: true, category: true, test: true, masks: true, seed: true, visaSplit: true },
  });
  const given = resolve(nativePath(options.root));
  if (options.kind !== 'auto' && !datasetKinds.includes(options.kind))
    throw new Error(
      `openDataset: kind must be auto or one of ${datasetKinds.join(', ')}, got '${options.kind}'`,
    );
  if (options.kind === 'list' || (options.kind === 'auto' && isListName(given)))
    return indexList(options, given);
  if (!(await isFolder(given))) throw noFolder(options.root);
  const { kind, root, category } = await resolveKind({ ...options, root: given });
  const { test, masks, seed = 0, visaSplit = '1cls' } = options;
  const problems: DatasetProblem[] = [];
  const report = (problem: DatasetProblem) => problems.push(problem);
  const layout = LAYOUTS[kind];
  const index = await layout({ root, category, test, masks, seed, visaSplit, report });
  const ignored = await ignoredIn([index.folder, ...(kind === 'folder' && test !== undefined ? [test] : [])]);
  if (index.train.length === 0) throw noImages({ kind, root, category, ignored });
  assertGood(index.train, root, index.folder);
  const dataset: Dataset = {
    kind,
    root,
    folder: index.folder,
    train: sortById(index.train),
    test: sortById(index.test),
    ignored,
  };
  if (category !== undefined) dataset.category = category;
  if (index.validation) dataset.validation = sortById(index.validation);
  if (index.privateTest) dataset.privateTest = sortById(index.privateTest);
  return { dataset, problems };
}

async function indexList(
  { root: asGiven, category, test, masks }: OpenDatasetOptions,
  given: string,
): Promise<{ dataset: Dataset; problems: DatasetProblem[] }> {
  for (const [name, value] of Object.entries({ category, test, masks })) {
    if (value !== undefined) throw new Error(`openDataset: option ${name}: a list has none, got '${value}'`);
  }
  if (!existsSync(given)) throw new Error(`openDataset: there is no file ${asGiven}`);
  const problems: DatasetProblem[] = [];
  const index = await readList(given, { report: (problem) => problems.push(problem) });
  const { root, train, test: tested, validation } = index;
  if (train.length === 0) throw noImages({ kind: 'list', root: asGiven, ignored: [] });
  const dataset: Dataset = {
    ...{ kind: 'list', root, folder: root, train: sortById(train), test: sortById(tested), ignored: [] },
    ...(validation && { validation: sortById(validation) }),
  };
  return { dataset, problems };
}

async function resolveKind({ kind, root, category, test, masks }: OpenDatasetOptions) {
  if (kind !== 'auto' && kind !== 'list') return { kind, root, category };
  // Only the kind `folder` has these.
  if (test !== undefined || masks !== undefined) return { kind: 'folder' as const, root, category };
  const recognized = await recognizeKind(root);
  return {
    ...recognized,
    kind: recognized.kind as keyof typeof LAYOUTS,
    category: category ?? recognized.category,
  };
}

async function ignoredIn(folders: readonly string[]): Promise<IgnoredFiles[]> {
  const paths = new Set<string>();
  for (const folder of folders) {
    const at = resolve(nativePath(folder));
    // VisA's CSV may name what is not there.
    if (!(await isFolder(at))) continue;
    for (const { paths: these } of (await walkImages(at)).ignored) for (const path of these) paths.add(path);
  }
  return byFormat([...paths]);
}

function noFolder(root: string): Error {
  if (isArchive(formatOf(root))) {
    return new DatasetError('openDataset', [
      {
        severity: 'error',
        code: 'archive',
        message: `${root} is an archive (${formatOf(root)}), or would be one`,
        remedy: 'Unpack it and give the folder that it was unpacked to.',
        paths: [root],
      },
    ]);
  }
  return new Error(`openDataset: there is no folder ${root}`);
}

function noImages({
  kind,
  root,
  category,
  ignored,
}: {
  kind: DatasetKind;
  root: string;
  category?: string;
  ignored: IgnoredFiles[];
}): DatasetError {
  const where = category === undefined ? root : `${root}, category '${category}'`;
  const instead =
    ignored.length > 0 ? `; there are files that are not read: ${describeIgnored(ignored)}` : '';
  return new DatasetError('openDataset', [
    {
      severity: 'error',
      code: ignored.some(({ format }) => isArchive(format)) ? 'archive' : 'no-images',
      message: `no training images (${imageFormats}) in ${where}${instead}`,
      remedy: `${ignored.length > 0 ? `${ignoredRemedy(ignored)} ` : ''}Kind '${kind}' expects ${EXPECTED[kind]}.`,
      paths: ignored.flatMap(({ paths }) => paths.map((path) => toId(root, path))),
    },
  ]);
}

const EXPECTED: Record<DatasetKind, string> = {
  mvtec: '<category>/train/good',
  mpdd: '<category>/train/good',
  loco: '<category>/train/good',
  mvtec2: '<category>/train/good',
  btad: '<category>/train/ok',
  visa: 'split_csv/1cls.csv and <category>/Data/Images',
  mtd: 'MT_Free/Imgs',
  folder: 'images, or train/good, train or good with images',
  list: 'rows with the label 0 or a good name, or patterns under train',
};

/** @throws {DatasetError} a folder within those of the good images bears the name of defects */
function assertGood(train: readonly Sample[], root: string, folder: string): void {
  const found = new Map<string, number>();
  for (const { label, imagePath } of train) {
    if (label !== 0) continue;
    const parts = toId(folder, imagePath).split('/').slice(0, -1);
    const last = parts.findIndex((part) => folderRole(part).label === 'defect');
    if (last === -1) continue;
    const place = toId(root, join(folder, ...parts.slice(0, last + 1)));
    found.set(place, (found.get(place) ?? 0) + 1);
  }
  if (found.size === 0) return;
  const places = [...found].map(([place, count]) => `${place} (${count} image${count === 1 ? '' : 's'})`);
  throw new DatasetError('openDataset', [
    {
      severity: 'error',
      code: 'unclear-folders',
      message: `among the good training images of ${root} are folders with the name of defects: ${places.join(', ')}`,
      remedy: 'Move them to the test images, or rename them if their images are good.',
      paths: [...found.keys()],
    },
  ]);
}
