import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../user-error.js';

/**
 * The image a path names, or those in the folder it names and below (PNG, JPEG, BMP, TIFF), sorted.
 *
 * @throws {UserError} there is no such path, or no image in the folder
 */
export async function imagePaths(path: string): Promise<string[]> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats) throw new UserError(`there is no file or folder ${path}`);
  if (!stats.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory() && /^[^.].*\.(png|jpe?g|bmp|tiff?|webp)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  if (!paths.length) throw new UserError(`no images (PNG, JPEG, BMP, TIFF) in ${path}`);
  return paths;
}
