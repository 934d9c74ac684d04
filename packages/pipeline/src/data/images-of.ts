import { stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { type TaskOptions, UserError } from '@ddad/detector';
import { archiveFolder, isArchiveName } from './archive-folder.js';
import { commonFolder } from './common-folder.js';
import type { FoundImage } from './found-image.js';
import { imagePaths } from './image-paths.js';

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
  const text = Array.isArray(paths) && paths.every((path) => typeof path === 'string');
  if (!text) {
    throw new UserError(`detectFiles: needs paths of images and folders as text, got ${String(paths)}`, {
      code: 'option',
    });
  }
  for (const path of paths) {
    try {
      const files = await imagePaths(path, { onNotice });
      roots.push(await rootOf(path, files));
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

/** The folder that names of the images of a path are relative to. */
async function rootOf(path: string, files: readonly string[]): Promise<string> {
  if ((await stat(path)).isDirectory()) return resolve(path);
  if (isArchiveName(path)) return resolve(archiveFolder(path));
  return commonFolder(files.map((file) => dirname(resolve(file))));
}
