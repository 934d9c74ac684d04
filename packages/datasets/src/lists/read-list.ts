import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname, join, resolve, sep } from 'node:path';
import type { DatasetProblem } from '../check/problem.js';
import { DatasetError } from '../dataset-error.js';
import { nativePath } from '../layouts/files.js';
import { folderRole } from '../layouts/folder-names.js';
import { sample } from '../layouts/layout.js';
import { matchMasks, named } from '../layouts/match-masks.js';
import type { Dataset, Sample } from '../sample.js';
import { walkImages } from '../walk-images.js';
import { globPattern } from './glob.js';
import { parseCsv } from './parse-csv.js';

type Index = Pick<Dataset, 'root' | 'folder' | 'train' | 'test' | 'validation'>;

/** An image that a list names. */
interface Entry {
  /** Opens messages: the file and the line or number. */
  where: string;
  image: string;
  split?: Sample['split'];
  label: Sample['label'];
  defect: string;
  mask?: string;
}

/** Whether a path is that of a list of images by its extension. */
export function isListName(path: string): boolean {
  return ['.csv', '.tsv', '.json'].includes(extname(path).toLowerCase());
}

/**
 * Reads a list of images: CSV or JSON rows `image, label, mask, split`, or a JSON object of patterns
 * `{ train, validation, test, masks }`. Paths are relative to the file.
 *
 * Of rows without a split the good ones are for training, the others for tests.
 *
 * @throws {DatasetError} it is none of these, a value has no meaning, or a file is not there; the message says where
 */
export async function readList(
  path: string,
  { report }: { report: (problem: DatasetProblem) => void },
): Promise<Index> {
  const folder = dirname(resolve(path));
  try {
    const text = await readFile(path, 'utf8');
    if (extname(path).toLowerCase() !== '.json') return index(fromTable(text, path), folder);
    const value = parseJson(text, path);
    const rows = Array.isArray(value) ? value : (value as { images?: unknown }).images;
    if (Array.isArray(rows)) return index(fromRows(rows, path), folder);
    return await fromPatterns(value as Patterns, { path, folder, report });
  } catch (error) {
    if (error instanceof DatasetError) throw error;
    throw problem(`${path}: ${(error as Error).message}`);
  }
}

/** The paths of the images that a list names, in its order. */
export async function imagesOfList(path: string): Promise<string[]> {
  const { train, validation = [], test } = await readList(path, { report: () => {} });
  return [...train, ...validation, ...test].map(({ imagePath }) => imagePath);
}

const columns = {
  image: ['image', 'path', 'file', 'filename', 'image_path', 'filepath'],
  label: ['label', 'class', 'defect', 'target'],
  mask: ['mask', 'mask_path', 'ground_truth'],
  split: ['split', 'set', 'subset'],
};

function fromTable(text: string, path: string): Entry[] {
  return parseCsv(text).map(({ line, values }) => entry(values, `${path}, line ${line}`));
}

function fromRows(rows: readonly unknown[], path: string): Entry[] {
  return rows.map((row, i) => {
    const where = `${path}, image ${i + 1}`;
    if (typeof row === 'string') return entry({ image: row }, where);
    if (typeof row !== 'object' || row === null) {
      throw problem(`${where}: needs a path or an object, got ${JSON.stringify(row)}`);
    }
    const values = Object.entries(row).map(([name, value]) => [name.toLowerCase(), text(value, where)]);
    return entry(Object.fromEntries(values), where);
  });
}

function text(value: unknown, where: string): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object')
    throw problem(`${where}: needs text or a number, got ${JSON.stringify(value)}`);
  return String(value).trim();
}

function entry(values: Record<string, string>, where: string): Entry {
  const of = (names: readonly string[]) =>
    names.map((name) => values[name]).find((value) => value !== undefined);
  const image = of(columns.image);
  if (!image) {
    throw problem(`${where}: needs an image (one of the columns ${columns.image.join(', ')}), got none`);
  }
  const mask = of(columns.mask);
  return {
    ...{ where, image, split: splitOf(of(columns.split), where), ...labelOf(of(columns.label) ?? '', where) },
    ...(mask && { mask }),
  };
}

function splitOf(value: string | undefined, where: string): Sample['split'] | undefined {
  if (!value) return undefined;
  const { split } = folderRole(value);
  if (!split) throw problem(`${where}: split needs train, validation or test, got '${value}'`);
  return split;
}

/** 0 and what means good is good, nothing is unknown, all else is a defect of that name. */
function labelOf(value: string, where: string): Pick<Entry, 'label' | 'defect'> {
  const said = value.toLowerCase();
  if (said === '') return { label: undefined, defect: 'unknown' };
  if (said === '0' || said === 'false') return { label: 0, defect: 'good' };
  if (said === '1' || said === 'true') return { label: 1, defect: 'defect' };
  const { label } = folderRole(value);
  if (label === 'good') return { label: 0, defect: 'good' };
  if (label === 'unclear') {
    throw problem(`${where}: label '${value}' may mean good or not; 0 is good, 1 is not`);
  }
  return { label: 1, defect: value };
}

interface Patterns {
  train?: unknown;
  validation?: unknown;
  test?: unknown;
  masks?: unknown;
}

async function fromPatterns(
  value: Patterns,
  { path, folder, report }: { path: string; folder: string; report: (problem: DatasetProblem) => void },
): Promise<Index> {
  const unknown = Object.keys(value ?? {}).filter(
    (key) => !['train', 'validation', 'test', 'masks'].includes(key),
  );
  if (typeof value !== 'object' || value === null || unknown.length > 0 || value.train === undefined) {
    throw problem(
      `${path}: needs a list of images, or patterns under train, validation, test and masks` +
        `${unknown.length > 0 ? `; there is ${unknown.join(', ')}` : ''}`,
    );
  }
  const { images } = await walkImages(folder);
  const below = images.map((image) =>
    image
      .slice(folder.length + 1)
      .split(sep)
      .join('/'),
  );
  const find = (patterns: unknown, key: string): string[] => {
    const list = Array.isArray(patterns) ? patterns : [patterns];
    if (!list.every((each) => typeof each === 'string')) {
      throw problem(`${path}: ${key}: needs a pattern or a list of them, got ${JSON.stringify(patterns)}`);
    }
    return list.flatMap((each: string) => {
      const pattern = globPattern(each.replace(/^\.\//, ''));
      const found = images.filter((_, i) => pattern.test(below[i]!));
      if (found.length === 0) throw problem(`${path}: ${key}: no image matches ${each}`);
      return found;
    });
  };
  const entries: Entry[] = [];
  const add = (
    split: Sample['split'],
    patterns: unknown,
    known: Pick<Entry, 'label' | 'defect'>,
    key: string,
  ) => {
    for (const image of new Set(find(patterns, key))) entries.push({ where: path, image, split, ...known });
  };
  add('train', value.train, { label: 0, defect: 'good' }, 'train');
  for (const split of ['validation', 'test'] as const) {
    const patterns = value[split];
    if (patterns === undefined) continue;
    if (typeof patterns === 'string' || Array.isArray(patterns)) {
      add(split, patterns, { label: undefined, defect: 'unknown' }, split);
    } else {
      for (const [name, each] of Object.entries(patterns as object)) {
        add(split, each, labelOf(name, `${path}: ${split}`), `${split}.${name}`);
      }
    }
  }
  if (value.masks !== undefined) {
    const bare = (paths: readonly string[]) =>
      named(folder, paths).map((each) => ({ ...each, key: each.key.split('/').at(-1)! }));
    const anomalous = entries.filter(({ split, label }) => split !== 'train' && label !== 0);
    const { masks, problems } = matchMasks(
      bare(anomalous.map(({ image }) => image)),
      bare([...new Set(find(value.masks, 'masks'))]),
      (each) => each.slice(folder.length + 1),
    );
    problems.forEach(report);
    for (const each of anomalous) {
      const mask = masks.get(each.image);
      if (mask !== undefined) each.mask = mask;
    }
  }
  return index(entries, folder);
}

function index(entries: readonly Entry[], folder: string): Index {
  const at = (path: string) => resolve(folder, nativePath(path));
  const seen = new Map<string, string>();
  const found = entries.map((each) => {
    const image = at(each.image);
    const mask = each.mask === undefined ? undefined : at(each.mask);
    for (const path of [image, mask]) {
      if (path !== undefined && !existsSync(path)) throw problem(`${each.where}: there is no file ${path}`);
    }
    const before = seen.get(image);
    if (before !== undefined) throw problem(`${each.where}: names ${image}, as ${before} does`);
    seen.set(image, each.where);
    return { ...each, image, mask };
  });
  const root = common(found.map(({ image }) => dirname(image))) ?? folder;
  const samples = found.map(({ image, mask, label, defect, split = label === 0 ? 'train' : 'test' }) =>
    sample(root, image, { split, label, defect, ...(mask !== undefined && { maskPath: mask }) }),
  );
  const of = (split: Sample['split']) => samples.filter((each) => each.split === split);
  const unlabelled = found.find(({ split, label }) => split === 'train' && label === undefined);
  if (unlabelled) throw problem(`${unlabelled.where}: an image to train on needs a label; 0 is good`);
  const validation = of('validation');
  return {
    ...{ root, folder: root, train: of('train'), test: of('test') },
    ...(validation.length > 0 && { validation }),
  };
}

/** The deepest folder that holds all of them. */
function common(folders: readonly string[]): string | undefined {
  if (folders.length === 0) return undefined;
  let parts = folders[0]!.split(sep);
  for (const folder of folders) {
    const other = folder.split(sep);
    const end = parts.findIndex((part, i) => part !== other[i]);
    if (end >= 0) parts = parts.slice(0, end);
  }
  return join(parts.join(sep), sep).replace(/(?<=.)[/\\]$/, '');
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new Error(`not JSON (${(cause as Error).message})`, { cause: { path, error: cause } });
  }
}

function problem(message: string): DatasetError {
  return new DatasetError('openDataset', [
    {
      severity: 'error',
      code: 'list',
      message,
      remedy: 'Mend the list: rows of image, label, mask and split, or patterns; paths are relative to it.',
      paths: [],
    },
  ]);
}
