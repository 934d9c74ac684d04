import { bmpHeader } from './formats/bmp-header.js';
import { exifOrientation } from './formats/exif.js';
import { jpegHeader } from './formats/jpeg-header.js';
import { otherFormat } from './formats/other-formats.js';
import { readTiffTags } from './formats/tiff-tags.js';
import { webpHeader } from './formats/webp-header.js';

export type ImageFormat = 'png' | 'jpeg' | 'bmp' | 'tiff' | 'webp';

/** What a file's first bytes say, before anything is decoded. */
export interface ImageHeader {
  format: ImageFormat;
  /** As stored, before the orientation is applied. */
  width: number;
  height: number;
  /** EXIF orientation, 1 to 8; 1 is upright. */
  orientation: number;
  /** Bits of a sample: of a palette those of its colours. */
  depth: number;
}

/**
 * Reads format, size and orientation.
 *
 * @throws if the format is none of PNG, JPEG, BMP, TIFF and WebP, or the header is cut or inconsistent
 */
export function readHeader(bytes: Uint8Array): ImageHeader {
  if (bytes.length === 0) throw new Error('the file is empty');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const format = formatOf(bytes);
  try {
    return { format, orientation: 1, depth: 8, ...HEADERS[format](view) };
  } catch (error) {
    if (error instanceof RangeError) throw new Error('the file ends inside its header', { cause: error });
    throw error;
  }
}

const HEADERS: Record<
  ImageFormat,
  (view: DataView) => { width: number; height: number; orientation?: number; depth?: number }
> = {
  png: pngHeader,
  jpeg: (view) => {
    const { width, height, orientation } = jpegHeader(view);
    return { width, height, orientation };
  },
  bmp: (view) => {
    const { width, height } = bmpHeader(view);
    return { width, height };
  },
  tiff: tiffHeader,
  webp: webpHeader,
};

function formatOf(bytes: Uint8Array): ImageFormat {
  const starts = (...magic: number[]) => magic.every((value, i) => bytes[i] === value);
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (starts(0xff, 0xd8)) return 'jpeg';
  if (starts(0x42, 0x4d)) return 'bmp';
  for (const version of [42, 43]) {
    if (starts(0x49, 0x49, version, 0) || starts(0x4d, 0x4d, 0, version)) return 'tiff';
  }
  const isRiff = starts(0x52, 0x49, 0x46, 0x46);
  if (isRiff && String.fromCharCode(...bytes.subarray(8, 12)) === 'WEBP') return 'webp';
  const other = otherFormat(bytes);
  throw new Error(
    `not a PNG, JPEG, BMP, TIFF or WebP file${other ? ` but one of the format ${other}, which is not read` : ''}`,
  );
}

function pngHeader(view: DataView): Omit<ImageHeader, 'format'> {
  if (view.getUint32(12) !== chunk('IHDR')) throw new Error('the PNG does not begin with IHDR');
  const size = { width: view.getUint32(16), height: view.getUint32(20) };
  let orientation = 1;
  for (let at = 8; at + 8 <= view.byteLength; at += 12 + view.getUint32(at)) {
    const type = view.getUint32(at + 4);
    if (type !== chunk('eXIf')) continue;
    const end = Math.min(at + 8 + view.getUint32(at), view.byteLength);
    orientation = exifOrientation(new DataView(view.buffer, view.byteOffset + at + 8, end - at - 8));
  }
  return { ...size, orientation, depth: view.getUint8(25) === 3 ? 8 : view.getUint8(24) };
}

function tiffHeader(view: DataView): Omit<ImageHeader, 'format'> {
  const tags = readTiffTags(view);
  const [width] = tags.values(256) ?? [];
  const [height] = tags.values(257) ?? [];
  if (width === undefined || height === undefined) throw new Error('the TIFF does not say its size');
  const [orientation = 1] = tags.values(274) ?? [];
  // colours of a TIFF's palette have 16 bits
  const [depth = 1] = tags.values(262)?.[0] === 3 ? [8] : (tags.values(258) ?? []);
  return { width, height, depth, orientation: orientation >= 1 && orientation <= 8 ? orientation : 1 };
}

function chunk(name: string): number {
  return [...name].reduce((sum, character) => sum * 256 + character.charCodeAt(0), 0);
}
