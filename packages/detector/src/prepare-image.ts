import { decodeImage, fitImage, type Pixels, type Placement, placementOf } from '@ddad/images';
import { asUserError } from './as-user-error.js';
import type { Config } from './config.js';
import { UserError } from './errors.js';
import { readBytes } from './file-source.js';

/** An image to look at: a path or an address, the bytes of an image file, or decoded pixels. */
export type ImageInput = string | URL | Uint8Array | Pixels;

/** An image as the networks see it. */
export interface PreparedImage {
  /** `imageSize * imageSize * channels` interleaved bytes. */
  bytes: Uint8Array;
  /** Where the image lies in them. */
  placement: Placement;
  /** The image itself, upright. */
  pixels: Pixels;
}

/**
 * An image as the network was trained to see it: decoded, upright, resized.
 *
 * @throws {UserError} it cannot be read or decoded
 */
export async function prepareImage(
  image: ImageInput,
  { data }: Pick<Config, 'data'>,
): Promise<PreparedImage> {
  const { imageSize, channels, fit } = data;
  const pixels = await pixelsOf(image);
  const options = { size: [imageSize, imageSize] as const, channels, fit };
  const prefix = `cannot use ${nameOf(image)}: `;
  return asUserError(
    () => ({ bytes: fitImage(pixels, options).data, placement: placementOf(pixels, options), pixels }),
    { code: 'image', prefix },
  );
}

async function pixelsOf(image: ImageInput): Promise<Pixels> {
  if (isPixels(image)) return image;
  if (!(image instanceof Uint8Array || image instanceof URL || typeof image === 'string')) {
    throw new UserError(
      `an image: needs a path, a URL, the bytes of an image file or pixels { data, width, height, channels }, got ${show(image)}`,
      { code: 'option' },
    );
  }
  const bytes = image instanceof Uint8Array ? image : await readBytes(image);
  return asUserError(() => decodeImage(bytes), { code: 'image', prefix: `cannot read ${nameOf(image)}: ` });
}

function isPixels(image: ImageInput): image is Pixels {
  return typeof image === 'object' && image !== null && 'data' in image && 'width' in image;
}

function nameOf(image: ImageInput): string {
  if (image instanceof Uint8Array) return 'the image given as bytes';
  return isPixels(image) ? 'the image given as pixels' : String(image);
}

function show(value: unknown): string {
  return value === null || typeof value !== 'object'
    ? String(value)
    : (value.constructor?.name ?? 'an object');
}
