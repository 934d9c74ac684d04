import { readFile } from 'node:fs/promises';
import { withChannels } from './image/channels.js';
import { decodeImage } from './image/decode-image.js';
import { type Fit, resizeToFit } from './image/fit.js';
import { assertSize, type Pixels } from './pixels.js';
import { reason } from './reason.js';

export interface LoadImageOptions {
  /** `[height, width]` of the result in pixels. @default the image's own size */
  size?: readonly [number, number];
  /** 3: gray repeats; 1: colour becomes gray as in Pillow. Alpha is dropped. @default 3 */
  channels?: 1 | 3;
  /**
   * For images of another aspect ratio: `stretch` (the reference), `pad` with black, or `crop` to the middle.
   * @default 'stretch'
   */
  fit?: Fit;
  /** @default 'bilinear' */
  method?: 'bilinear' | 'nearest';
  /** Images whose header claims more pixels than this are refused before decoding. @default 100_000_000 */
  maxPixels?: number;
}

/**
 * Reads, decodes and resizes one PNG, JPEG, BMP or TIFF file (told apart by content, not by name).
 *
 * 16 bits become 8 by their high byte, palettes are resolved, EXIF orientation is applied.
 *
 * @throws if the file cannot be read or decoded; the message names it
 */
export async function loadImage(path: string, options: LoadImageOptions = {}): Promise<Pixels> {
  const { size, channels = 3, fit = 'stretch', method = 'bilinear', maxPixels = 100_000_000 } = options;
  if (size) assertSize('loadImage', size);
  if (channels !== 1 && channels !== 3)
    throw new Error(`loadImage: channels must be 1 or 3, got ${channels}`);
  let pixels: Pixels;
  try {
    pixels = await decodeImage(await readFile(path), { maxPixels });
  } catch (error) {
    throw new Error(`loadImage: cannot read ${path}: ${reason(error)}`, { cause: error });
  }
  if (!size) return withChannels(pixels, channels);
  const resized = resizeToFit(pixels.channels > channels ? withChannels(pixels, channels) : pixels, {
    size,
    fit,
    method,
  });
  return withChannels(resized, channels);
}
