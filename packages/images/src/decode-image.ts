import { decodeBmp } from './formats/decode-bmp.js';
import { decodeJpeg } from './formats/decode-jpeg.js';
import { decodeOther } from './formats/decode-other.js';
import { decodePng } from './formats/decode-png.js';
import { readHeader } from './header.js';
import { orient } from './orient.js';
import type { Pixels } from './pixels.js';

export interface DecodeOptions {
  /** Images whose header claims more pixels than this are refused before decoding. @default 100_000_000 */
  maxPixels?: number;
}

/**
 * Beyond what a file of the format can hold, so that a small one with a false header costs neither time nor memory: a
 * JPEG spends a bit on each block of 64, deflate and LZW reach 1,032:1 and 2,730:1 on pixels of one bit.
 */
const MOST_PIXELS_PER_BYTE = { png: 8 * 1032, jpeg: 8 * 64, bmp: 8, tiff: 8 * 2730 };

/**
 * Decodes PNG, JPEG, BMP or TIFF bytes, told apart by content, to upright 8-bit pixels in the file's channels.
 *
 * @throws if the bytes are no such image, are damaged, or their header claims more than `maxPixels` pixels
 */
export async function decodeImage(
  bytes: Uint8Array,
  { maxPixels = 100_000_000 }: DecodeOptions = {},
): Promise<Pixels> {
  const { format, width, height, orientation, isGray } = readHeader(bytes);
  if (!(width > 0 && height > 0)) throw new Error(`its header says ${width}x${height} pixels`);
  if (width * height > maxPixels) {
    throw new Error(
      `its header says ${width}x${height} pixels, more than the limit of ${maxPixels} (option maxPixels)`,
    );
  }
  if (width * height > bytes.length * MOST_PIXELS_PER_BYTE[format]) {
    throw new Error(`its header says ${width}x${height} pixels, more than ${bytes.length} bytes can hold`);
  }
  const decode = { png: decodePng, bmp: decodeBmp, jpeg: decodeJpeg, tiff: decodeOther }[format];
  const pixels = await decode(bytes);
  if (pixels.width !== width || pixels.height !== height) {
    throw new Error(`its header says ${width}x${height} pixels, its data ${pixels.width}x${pixels.height}`);
  }
  return orient(isGray ? firstChannel(pixels) : pixels, orientation);
}

function firstChannel({ data, width, height, channels }: Pixels): Pixels {
  const gray = new Uint8Array(width * height);
  for (let i = 0; i < gray.length; i++) gray[i] = data[i * channels]!;
  return { data: gray, width, height, channels: 1 };
}
