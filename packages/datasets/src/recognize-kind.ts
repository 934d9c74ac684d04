import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { categoriesIn } from './layouts/category.js';
import { foldersIn, isFolder, nativePath } from './layouts/files.js';
import { visaCsvPath } from './layouts/visa-csv.js';
import type { DatasetKind } from './sample.js';

export interface RecognizedKind {
  kind: DatasetKind;
  /** To open it with: the folder given, or the one above if that is a single category. */
  root: string;
  /** The category to open, where there is only one. */
  category?: string;
  /** All categories there; empty for kinds without. */
  categories: string[];
  /** What it was recognised by, e.g. `bottle/train/good`. */
  why: string;
}

/**
 * Says which layout a folder has, by the names in it; what has no other is `folder`. MPDD, whose layout is MVTec's, is
 * called `mvtec`.
 *
 * @throws if there is no such folder
 */
export async function recognizeKind(folder: string): Promise<RecognizedKind> {
  const root = resolve(nativePath(folder));
  if (!(await isFolder(root))) throw new Error(`recognizeKind: there is no folder ${folder}`);
  const found = (kind: DatasetKind, categories: string[], why: string): RecognizedKind => {
    const [category, ...more] = categories;
    return { kind, root, categories, why, ...(category !== undefined && more.length === 0 && { category }) };
  };

  for (const split of ['1cls', '2cls_highshot', '2cls_fewshot'] as const) {
    const csv = visaCsvPath(root, split);
    if (existsSync(csv)) return found('visa', await categoriesIn(root, 'Data'), csv.slice(root.length + 1));
    const prepared = await categoriesIn(join(root, split), join('train', 'good'));
    if (prepared.length > 0) return found('visa', prepared, `${split}/${prepared[0]}/train/good`);
  }
  if (await isFolder(join(root, 'MT_Free', 'Imgs'))) return found('mtd', [], 'MT_Free/Imgs');
  for (const [kind, markers] of MARKERS) {
    const names = await withMarkers(root, await foldersIn(root), markers);
    if (names.length > 0) return found(kind, names, `${names[0]}/${markers[0]![0]}`);
  }
  // A single category, which the folder above holds.
  for (const [kind, markers] of MARKERS) {
    const [name] = await withMarkers(dirname(root), [basename(root)], [...markers, ...(ALONE[kind] ?? [])]);
    if (name === undefined) continue;
    return { kind, root: dirname(root), category: name, categories: [name], why: markers[0]![0]! };
  }
  return found('folder', [], 'none of the known layouts');
}

/** Folders that a category has, one of each list; the more special kinds first. */
const MARKERS: [DatasetKind, string[][]][] = [
  ['mvtec2', [['test_public'], ['train/good']]],
  [
    'loco',
    [
      ['test/logical_anomalies', 'ground_truth/logical_anomalies', 'test/structural_anomalies'],
      ['train/good'],
    ],
  ],
  ['btad', [['train/ok'], ['test/ko', 'ground_truth/ko']]],
  ['mvtec', [['train/good'], ['test']]],
];

/** Without these a folder with the rest of a layout is a user's own. */
const ALONE: Partial<Record<DatasetKind, string[][]>> = {
  mvtec: [['test/good'], ['ground_truth']],
  btad: [['ground_truth/ko']],
};

async function withMarkers(root: string, names: readonly string[], markers: string[][]): Promise<string[]> {
  const result = [];
  for (const name of names) {
    const has = (marker: string) => isFolder(join(root, name, marker));
    const all = await Promise.all(
      markers.map(async (any) => (await Promise.all(any.map(has))).includes(true)),
    );
    if (all.every(Boolean)) result.push(name);
  }
  return result;
}
