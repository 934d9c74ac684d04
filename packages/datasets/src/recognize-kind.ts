import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { nativePath } from './layouts/files.js';
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
  return recognizeKindSync(folder);
}

/** {@link recognizeKind} for programs that read their configuration before they do anything else. */
export function recognizeKindSync(folder: string): RecognizedKind {
  const root = resolve(nativePath(folder));
  if (!isFolder(root)) throw new Error(`recognizeKind: there is no folder ${folder}`);
  const found = (kind: DatasetKind, categories: string[], why: string): RecognizedKind => {
    const [category, ...more] = categories;
    return { kind, root, categories, why, ...(category !== undefined && more.length === 0 && { category }) };
  };

  for (const split of ['1cls', '2cls_highshot', '2cls_fewshot'] as const) {
    const csv = visaCsvPath(root, split);
    if (existsSync(csv)) return found('visa', categoriesIn(root, 'Data'), csv.slice(root.length + 1));
    const prepared = categoriesIn(join(root, split), join('train', 'good'));
    if (prepared.length > 0) return found('visa', prepared, `${split}/${prepared[0]}/train/good`);
  }
  if (isFolder(join(root, 'MT_Free', 'Imgs'))) return found('mtd', [], 'MT_Free/Imgs');
  for (const [kind, markers] of MARKERS) {
    const names = withMarkers(root, foldersIn(root), markers);
    if (names.length > 0) return found(kind, names, `${names[0]}/${markers[0]![0]}`);
  }
  // A single category, which the folder above holds.
  for (const [kind, markers] of MARKERS) {
    const [name] = withMarkers(dirname(root), [basename(root)], [...markers, ...(ALONE[kind] ?? [])]);
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

function withMarkers(root: string, names: readonly string[], markers: string[][]): string[] {
  return names.filter((name) =>
    markers.every((any) => any.some((marker) => isFolder(join(root, name, marker)))),
  );
}

/** Names of the folders in `root` that contain the folder `marker`. */
function categoriesIn(root: string, marker: string): string[] {
  return withMarkers(root, foldersIn(root), [[marker]]);
}

/** Names of the folders directly in `folder`, sorted, hidden ones left out; none if there is no such folder. */
function foldersIn(folder: string): string[] {
  if (!isFolder(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && isFolder(join(folder, name)))
    .sort();
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
