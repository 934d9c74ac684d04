import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImage, type Pixels } from '@ddad/datasets';
import type { Config } from '../config/schema.js';
import { asUserError, UserError } from '../user-error.js';
import { bitmap } from './bitmap.js';

/** An image to look at: a path, the bytes of an image file, or decoded pixels. */
export type ImageInput = string | Uint8Array | Pixels;

/**
 * An image as the network was trained to see it: resized interleaved bytes.
 *
 * @throws {UserError} it cannot be read or decoded
 */
export async function prepareImage(image: ImageInput, { data }: Pick<Config, 'data'>): Promise<Uint8Array> {
  const { imageSize, channels, fit } = data;
  const load = async (path: string) =>
    (await loadImage(path, { size: [imageSize, imageSize], channels, fit })).data;
  if (typeof image === 'string') return asUserError(() => load(image));
  const folder = await mkdtemp(join(tmpdir(), 'ddad-'));
  try {
    const path = join(folder, 'image');
    await writeFile(path, image instanceof Uint8Array ? image : bitmap(image));
    return await load(path);
  } catch (error) {
    const reason = (error as Error).message.replace(/^loadImage: cannot read .*?: /, '');
    throw new UserError(`cannot read the image given as bytes: ${reason}`, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
