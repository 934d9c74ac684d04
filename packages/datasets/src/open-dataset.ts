import { resolve } from 'node:path';
import { btad } from './layouts/btad.js';
import { isFolder, nativePath, sortById } from './layouts/files.js';
import { folder } from './layouts/folder.js';
import type { Layout } from './layouts/layout.js';
import { loco } from './layouts/loco.js';
import { mtd } from './layouts/mtd.js';
import { mvtec } from './layouts/mvtec.js';
import { mvtec2 } from './layouts/mvtec2.js';
import { visa } from './layouts/visa.js';
import type { VisaSplit } from './layouts/visa-csv.js';
import type { Dataset, DatasetKind } from './sample.js';

export interface OpenDatasetOptions {
  kind: DatasetKind;
  /** The data set's folder: the one that holds the categories, or for `folder` the images. */
  root: string;
  /** Needed by every kind but `folder` and `mtd`. */
  category?: string;
  /** `folder` only: the folder of test images. @default '<root>/test' where it exists */
  test?: string;
  /** `folder` only: the folder of masks. @default '<root>/ground_truth' where it exists */
  masks?: string;
  /** `mtd` only, which has no official split: seed of the split. @default 0 */
  seed?: number;
  /** `visa` only: which of the authors' splits. The two-class ones have anomalous training images. @default '1cls' */
  visaSplit?: VisaSplit;
}

const LAYOUTS: Record<DatasetKind, Layout> = { mvtec, visa, mtd, btad, mpdd: mvtec, loco, mvtec2, folder };

/**
 * Lists a data set's images: split, label, defect and mask of each, sorted by id. No image is read.
 *
 * @throws if the folder or the category does not exist (the message names those that do), or there is no
 * training image
 */
export async function openDataset(options: OpenDatasetOptions): Promise<Dataset> {
  const { kind, category, test, masks, seed = 0, visaSplit = '1cls' } = options;
  const layout = LAYOUTS[kind];
  if (!layout)
    throw new Error(`openDataset: kind must be one of ${Object.keys(LAYOUTS).join(', ')}, got '${kind}'`);
  const root = resolve(nativePath(options.root));
  if (!(await isFolder(root))) throw new Error(`openDataset: there is no folder ${options.root}`);
  const {
    folder: categoryFolder,
    train,
    validation,
    ...rest
  } = await layout({ root, category, test, masks, seed, visaSplit });
  if (train.length === 0) {
    const where = category === undefined ? root : `${root}, category '${category}'`;
    throw new Error(
      `openDataset: no training images (PNG, JPEG, BMP, TIFF) in ${where}; kind '${kind}' expects ${EXPECTED[kind]}`,
    );
  }
  const dataset: Dataset = {
    kind,
    root,
    folder: categoryFolder,
    train: sortById(train),
    test: sortById(rest.test),
  };
  if (category !== undefined) dataset.category = category;
  if (validation) dataset.validation = sortById(validation);
  return dataset;
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
};
