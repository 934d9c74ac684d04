import { cutTile, decodeImage, fitImage, type Pixels, type Placement } from '@ddad/images';
import { asUserError } from './as-user-error.js';
import type { Config } from './config.js';
import { UserError } from './errors.js';
import { readBytes } from './file-source.js';
import { pictureMap } from './picture-map.js';

/**
 * An image to look at: a path or an address, the bytes of an image file, or decoded pixels, to which `data.window` has been
 * applied where the detector has one.
 */
export type ImageInput = string | URL | Uint8Array | Pixels;

/** What the networks see at once: an image, or a tile of it. */
export interface ImagePart {
  /** Column and row of its upper left corner in the map. */
  x: number;
  y: number;
  /** `imageSize * imageSize * channels` interleaved bytes; of a tile they are cut anew each time they are read. */
  readonly bytes: Uint8Array;
}

/** An image as the networks see it. */
export interface PreparedImage {
  /** One for a detector without `data.tiles`. */
  parts: readonly ImagePart[];
  /** Of the map, pixels. */
  width: number;
  height: number;
  /** Where the image lies in it. */
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
  const pixels = await pixelsOf(image, data.window ?? undefined);
  const size = [imageSize, imageSize] as const;
  const prefix = `cannot use ${nameOf(image)}: `;
  return asUserError(
    () => {
      const { tiles, ...map } = pictureMap(pixels, { data }, nameOf(image));
      const parts: ImagePart[] = tiles
        ? tiles.map((tile) => ({
            ...{ x: tile.x, y: tile.y },
            get bytes() {
              return cutTile(pixels, tile, { size, channels }).data;
            },
          }))
        : [{ x: 0, y: 0, bytes: fitImage(pixels, { size, channels, fit }).data }];
      return { parts, ...map, pixels };
    },
    { code: 'image', prefix },
  );
}

/** The image at the size of its map, interleaved bytes. */
export function inMap({ parts, pixels, width, height }: PreparedImage, channels: 1 | 3): Uint8Array {
  const [whole, ...others] = parts;
  if (others.length === 0) return whole.bytes;
  return fitImage(pixels, { size: [height, width], channels }).data;
}

async function pixelsOf(image: ImageInput, window: readonly [number, number] | undefined): Promise<Pixels> {
  if (isPixels(image)) return image;
  if (!(image instanceof Uint8Array || image instanceof URL || typeof image === 'string')) {
    throw new UserError(
      `an image: needs a path, a URL, the bytes of an image file or pixels { data, width, height, channels }, got ${show(image)}`,
      { code: 'option' },
    );
  }
  const bytes = image instanceof Uint8Array ? image : await readBytes(image);
  return asUserError(() => decodeImage(bytes, { window }), {
    code: 'image',
    prefix: `cannot read ${nameOf(image)}: `,
  });
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
