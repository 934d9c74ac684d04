import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The splits that VisA's authors publish. */
export type VisaSplit = '1cls' | '2cls_highshot' | '2cls_fewshot';

export interface VisaRow {
  object: string;
  split: 'train' | 'test';
  /** `normal` is good, anything else is not. */
  label: string;
  /** Relative to the data set's root, with `/`. */
  image: string;
  /** Empty for good images. */
  mask: string;
}

export function visaCsvPath(root: string, split: VisaSplit): string {
  const inFolder = join(root, 'split_csv', `${split}.csv`);
  const beside = join(root, `${split}.csv`);
  return !existsSync(inFolder) && existsSync(beside) ? beside : inFolder;
}

const COLUMNS = ['object', 'split', 'label', 'image', 'mask'] as const;

/**
 * Reads `object,split,label,image,mask` rows, whatever the order of the columns and the line ends.
 *
 * @throws with file and line if a column is missing, a row has another number of fields, a split is neither train
 * nor test, or a path leaves the data set's folder
 */
export async function readVisaCsv(path: string): Promise<VisaRow[]> {
  const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  const [header = '', ...lines] = text.split(/\r\n|\n|\r/);
  const names = header.split(',').map((name) => name.trim());
  const positions = COLUMNS.map((column) => names.indexOf(column));
  if (positions.includes(-1))
    throw new Error(`${path}: needs the columns ${COLUMNS.join(',')}, got ${header}`);
  const rows: VisaRow[] = [];
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const fields = line.split(',').map((field) => field.trim());
    const where = `${path}, line ${i + 2}`;
    if (fields.length !== names.length)
      throw new Error(`${where}: needs ${names.length} fields, got ${fields.length}`);
    const [object, split, label, image, mask] = positions.map((position) => fields[position]!) as [
      string,
      string,
      string,
      string,
      string,
    ];
    if (split !== 'train' && split !== 'test')
      throw new Error(`${where}: split is train or test, got '${split}'`);
    rows.push({ object, split, label, image: inside(image, where), mask: inside(mask, where) });
  }
  return rows;
}

function inside(path: string, where: string): string {
  const posix = path.replaceAll('\\', '/');
  if (/^([a-z]:|\/)/i.test(posix) || posix.split('/').includes('..')) {
    throw new Error(`${where}: the path ${path} leaves the data set's folder`);
  }
  return posix;
}
