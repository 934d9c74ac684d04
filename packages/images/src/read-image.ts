import { checkOptions } from '@ddad/options';
import { type DecodeOptions, decodeImage } from './decode-image.js';
import { assertFitOptions, type FitOptions, fitImage, fitKeys } from './fit.js';
import type { Pixels } from './pixels.js';

export interface ReadImageOptions extends FitOptions, DecodeOptions {}

/**
 * Decodes a PNG, JPEG, BMP, TIFF or WebP file (told apart by content) and brings it to the wanted channels and size.
 *
 * 16 bits become 8 by a window, or without one by their high byte, palettes are resolved, the orientation is applied.
 *
 * @param bytes the whole file
 * @throws if it cannot be decoded, or an option is not one of those above
 */
export async function readImage(bytes: Uint8Array, options: ReadImageOptions = {}): Promise<Pixels> {
  checkOptions('readImage', options, { ...fitKeys, maxPixels: true, window: true });
  const { maxPixels, window, ...fitting } = options;
  assertFitOptions('readImage', fitting);
  return fitImage(await decodeImage(bytes, { maxPixels, window }), fitting);
}
