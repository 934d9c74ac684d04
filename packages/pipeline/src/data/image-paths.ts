import { stat } from 'node:fs/promises';
import { describeIgnored, imageFormats, imagesOfList, isListName, walkImages } from '@ddad/datasets';
import { asUserError, type TaskOptions, UserError } from '@ddad/detector';
import { archiveFolder } from './archive-folder.js';

/**
 * The image a path names, or those in the folder or archive it names and below, sorted, or those of a list in its order. Files
 * of formats that are not read are named.
 *
 * @throws {UserError} there is no such path, or no image in the folder
 */
export async function imagePaths(
  path: string,
  { onNotice }: Pick<TaskOptions, 'onNotice'> = {},
): Promise<string[]> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats) throw new UserError(`there is no file or folder ${path}`, { code: 'data' });
  if (stats.isFile() && isListName(path)) return asUserError(() => imagesOfList(path), { code: 'data' });
  const folder = archiveFolder(path, onNotice);
  if (!stats.isDirectory() && folder === path) return [path];
  const { images, ignored } = await asUserError(() => walkImages(folder), { code: 'data' });
  const others = ignored.length ? `not read, since of other formats: ${describeIgnored(ignored)}` : '';
  if (!images.length) {
    throw new UserError(`no images (${imageFormats}) in ${path}`, {
      code: 'data',
      remedy: others || undefined,
    });
  }
  if (others) onNotice?.(others);
  return images;
}
