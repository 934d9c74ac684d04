import type { FileFacts } from '../inspect-file.js';
import { folderRole } from '../layouts/folder-names.js';
import type { Dataset, Sample } from '../sample.js';

export interface Evidence {
  dataset: Dataset;
  samples: readonly Sample[];
  /** Mask files with the sample they belong to. */
  masks: ReadonlyMap<string, Sample>;
  /** Of the files that could be decoded. */
  facts: ReadonlyMap<string, FileFacts>;
  /** Why the others could not. */
  faults: ReadonlyMap<string, string>;
  /** Which values of an image are black and white. */
  window?: readonly [number, number];
  /** Image files below the category's folder that are neither image nor mask of a sample. */
  others: readonly string[];
  /** Folders below the category's folder. */
  folders: readonly string[];
  /** Images and masks that several of each other may belong to, as the report names them. */
  ambiguous: ReadonlySet<string>;
  /** A path as the report shows it. */
  name: (path: string) => string;
}

/** Whether the layout keeps masks there, so that a file without a sample is a mask without an image. */
export function isMaskPlace({ dataset, name }: Evidence, path: string): boolean {
  const parts = name(path).split('/');
  if (dataset.kind === 'folder') return parts.slice(0, -1).some((part) => folderRole(part).isMasks === true);
  if (dataset.kind === 'mtd') return /(^|\/)MT_(?!Free\/)[^/]+\/Imgs\/.+\.png$/i.test(name(path));
  return parts.includes('ground_truth') || parts.includes('Masks');
}
