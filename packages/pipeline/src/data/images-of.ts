import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { type TaskOptions, UserError } from '@ddad/detector';
import { imagePaths } from './image-paths.js';

/** An image file, or a path where there is none. */
export interface FoundImage {
  path: string;
  /** Its path below what all images have in common, for files about it. */
  name: string;
  /** Why nothing is there. */
  missing?: UserError;
}

/**
 * The images that several paths name, in the order of the paths: files, and all in a folder and below. A path of which
 * there is nothing keeps its place. A file that is named twice comes once.
 *
 * @throws {UserError} none of the paths has an image
 */
export async function imagesOf(
  paths: readonly string[],
  { onNotice }: Pick<TaskOptions, 'onNotice'> = {},
): Promise<FoundImage[]> {
  const found = new Map<string, FoundImage>();
  const roots: string[] = [];
  for (const path of paths) {
    try {
      const files = await imagePaths(path, { onNotice });
      roots.push((await stat(path)).isDirectory() ? resolve(path) : dirname(resolve(path)));
      for (const file of files)
        if (!found.has(resolve(file))) found.set(resolve(file), { path: file, name: '' });
    } catch (error) {
      if (!UserError.isInstance(error)) throw error;
      found.set(resolve(path), { path, name: basename(path), missing: error });
    }
  }
  const all = [...found.values()];
  const [first] = all;
  if (!first)
    throw new UserError('detectFiles: needs the path of an image or a folder, got none', { code: 'option' });
  if (all.every(({ missing }) => missing)) throw first.missing!;
  const above = commonFolder(roots);
  return all.map((each) => (each.missing ? each : { ...each, name: relative(above, resolve(each.path)) }));
}

/** The deepest folder that holds all of them. */
function commonFolder(folders: readonly string[]): string {
  const [first, ...others] = folders.map((folder) => folder.split(sep));
  let length = first!.length;
  for (const parts of others) {
    let same = 0;
    while (same < length && parts[same] === first![same]) same++;
    length = same;
  }
  return join(first!.slice(0, length).join(sep), sep);
}
