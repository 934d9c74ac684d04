import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isListName, type RecognizedKind, recognizeKindSync } from '@ddad/datasets';
import { UserError } from '@ddad/detector';
import { archiveFolder } from '../data/archive-folder.js';
import type { ConfigInput } from './schema.js';

type Data = NonNullable<ConfigInput['data']>;

/**
 * `data` with the kind that its folder has, where none is given or `auto`, and with the category where there is one
 * alone; an archive is unpacked, a `.csv`, `.tsv` or `.json` is a list; a folder that is itself one category is opened from the folder above. What was recognised is told.
 *
 * @throws {UserError} there is no such folder; several categories, and none of them chosen
 */
export function recognizeData(
  data: Data,
  { name, onNotice }: { name: string; onNotice?: (message: string) => void },
): Data {
  const { kind, root, category } = data;
  if (kind !== undefined && kind !== 'auto') return data;
  if (typeof root !== 'string') return { ...data, kind: undefined };
  if (isListName(root) && isFile(root)) {
    if (category != null) {
      throw new UserError(`${name}: data.category: a list of images has none, got ${category}`, {
        code: 'config',
      });
    }
    onNotice?.(`${root}: a list of images (kind list)`);
    return { ...data, kind: 'list' };
  }
  const folder = archiveFolder(root, onNotice);
  const found = isFolder(folder) ? recognizeKindSync(folder) : undefined;
  if (category != null) {
    // With a category it can be no folder of one's own; MVTec AD's layout is what most data sets have.
    const isCategorized = found && found.categories.length > 0 && found.root === resolve(folder);
    return { ...data, kind: isCategorized ? found.kind : 'mvtec' };
  }
  if (!found) {
    throw new UserError(`${name}: data.root: there is no folder ${root}`, { code: 'data' });
  }
  const { categories } = found;
  if (categories.length > 1) {
    throw new UserError(
      `${name}: data.category: ${root} has ${categories.length} categories: ${categories.join(', ')}`,
      { code: 'config', remedy: 'give data.category' },
    );
  }
  if (folder !== root && found.root !== resolve(folder)) {
    // an archive of one category: nothing is above it
    onNotice?.(`${root}: an archive of your own (kind folder)`);
    return { ...data, kind: 'folder' };
  }
  const own = found.root === resolve(folder) ? root : join(root, '..');
  onNotice?.(`${root}: ${describe(found)}`);
  return { ...data, kind: found.kind, root: own, ...(found.category && { category: found.category }) };
}

function describe({ kind, category, why }: RecognizedKind): string {
  if (kind === 'folder') return 'a folder of your own (kind folder)';
  return `kind ${kind}${category ? `, category ${category}` : ''}, recognised by ${why}`;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
