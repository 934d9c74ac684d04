import { checkOptions } from '@ddad/options';
import { decodeBmp } from './formats/decode-bmp.js';
import { decodeJpeg } from './formats/decode-jpeg.js';
import { decodePng } from './formats/decode-png.js';
import { decodeTiff } from './formats/decode-tiff.js';
import { decodeWebp } from './formats/decode-webp.js';
import { readHeader } from './header.js';
import { orient } from './orient.js';
import type { Pixels } from './pixels.js';
import { assertWindow, type Samples, type ToPixelsOptions, toPixels } from './samples.js';

export interface DecodeOptions extends ToPixelsOptions {
  /** Images whose header claims more pixels than this are refused before decoding. @default 100_000_000 */
  maxPixels?: number;
}

/**
 * Beyond what a file of the format can hold, so that a small one with a false header costs neither time nor memory: a
 * JPEG spends a bit on each block of 64, deflate and LZW reach 1,032:1 and 2,730:1 on pixels of one bit, BMP has runs of
 * 255 in two bytes. WebP has no such bound but sides of at most 16,383.
 */
const MOST_PIXELS_PER_BYTE = { png: 8 * 1032, jpeg: 8 * 64, bmp: 128, tiff: 8 * 2730, webp: Infinity };

const DECODERS = { png: decodePng, bmp: decodeBmp, jpeg: decodeJpeg, tiff: decodeTiff, webp: decodeWebp };

/**
 * Decodes PNG, JPEG, BMP, TIFF or WebP bytes, told apart by content, to upright 8-bit pixels in the file's channels: by a
 * window, or without one the high byte of 16 bits; the colours of a palette.
 *
 * @throws if the bytes are no such image, are damaged or of a kind that is not read, or their header claims more than
 * `maxPixels` pixels; the message names it
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Pixels> {
  checkOptions('decodeImage', options, { maxPixels: true, window: true });
  const { maxPixels, window } = options;
  if (window) assertWindow('decodeImage', window);
  return toPixels(await decodeSamples(bytes, { maxPixels }), { window });
}

/**
 * Like {@link decodeImage}, in the file's own depth: 16 and 32 bits, floats, indices of a palette.
 *
 * @throws as `decodeImage`
 */
export async function decodeSamples(
  bytes: Uint8Array,
  options: Omit<DecodeOptions, 'window'> = {},
): Promise<Samples> {
  checkOptions('decodeSamples', options, { maxPixels: true });
  const { maxPixels = 100_000_000 } = options;
  const { format, width, height, orientation } = readHeader(bytes);
  if (!(width > 0 && height > 0)) throw new Error(`its header says ${width}x${height} pixels`);
  if (width * height > maxPixels) {
    throw new Error(
      `its header says ${width}x${height} pixels, more than the limit of ${maxPixels} (option maxPixels)`,
    );
  }
  if (width * height > bytes.length * MOST_PIXELS_PER_BYTE[format]) {
    throw new Error(`its header says ${width}x${height} pixels, more than ${bytes.length} bytes can hold`);
  }
  const samples = await DECODERS[format](bytes);
  if (samples.width !== width || samples.height !== height) {
    throw new Error(`its header says ${width}x${height} pixels, its data ${samples.width}x${samples.height}`);
  }
  return orient(samples, orientation);
}
