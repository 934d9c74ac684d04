import { stat } from 'node:fs/promises';
import { describeIgnored, imageFormats, walkImages } from '@ddad/datasets';
import { asUserError, type TaskOptions, UserError } from '@ddad/detector';

/**
 * The image a path names, or those in the folder it names and below, sorted. Files of formats that are not read are named.
 *
 * @throws {UserError} there is no such path, or no image in the folder
 */
export async function imagePaths(
  path: string,
  { onNotice }: Pick<TaskOptions, 'onNotice'> = {},
): Promise<string[]> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats) throw new UserError(`there is no file or folder ${path}`, { code: 'data' });
  if (!stats.isDirectory()) return [path];
  const { images, ignored } = await asUserError(() => walkImages(path), { code: 'data' });
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
