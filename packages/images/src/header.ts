/** What a file's first bytes say, before anything is decoded. */
export interface ImageHeader {
  format: 'png' | 'jpeg' | 'bmp' | 'tiff';
  width: number;
  height: number;
  /** EXIF orientation, 1 to 8; 1 is upright. */
  orientation: number;
  /** A JPEG of one component. */
  isGray?: boolean;
}

/**
 * Reads format, size (as stored, before the orientation is applied) and orientation.
 *
 * @throws if the format is none of PNG, JPEG, BMP and TIFF, or the header is cut or inconsistent
 */
export function readHeader(bytes: Uint8Array): ImageHeader {
  if (bytes.length === 0) throw new Error('the file is empty');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return pngHeader(view);
    if (startsWith(bytes, 0xff, 0xd8)) return jpegHeader(view);
    if (startsWith(bytes, 0x42, 0x4d)) return bmpHeader(view);
    if (startsWith(bytes, 0x49, 0x49, 42, 0) || startsWith(bytes, 0x4d, 0x4d, 0, 42)) return tiffHeader(view);
  } catch (error) {
    if (error instanceof RangeError) throw new Error('the file ends inside its header', { cause: error });
    throw error;
  }
  throw new Error('not a PNG, JPEG, BMP or TIFF file');
}

function startsWith(bytes: Uint8Array, ...magic: number[]): boolean {
  return magic.every((value, i) => bytes[i] === value);
}

function pngHeader(view: DataView): ImageHeader {
  if (view.getUint32(12) !== tag('IHDR')) throw new Error('the PNG does not begin with IHDR');
  const size = { width: view.getUint32(16), height: view.getUint32(20) };
  let orientation = 1;
  for (let at = 8; at + 8 <= view.byteLength; at += 12 + view.getUint32(at)) {
    const type = view.getUint32(at + 4);
    if (type === tag('IDAT')) break;
    if (type === tag('eXIf')) orientation = tiffTags(view, at + 8).orientation;
  }
  return { format: 'png', ...size, orientation };
}

function jpegHeader(view: DataView): ImageHeader {
  let orientation = 1;
  let at = 2;
  for (;;) {
    if (view.getUint8(at) !== 0xff) throw new Error('the JPEG is damaged: no marker where one must be');
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = view.getUint16(at + 2);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) {
      const size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
      return { format: 'jpeg', ...size, orientation, isGray: view.getUint8(at + 9) === 1 };
    }
    if (marker === 0xda || marker === 0xd9) throw new Error('the JPEG has no frame header');
    if (marker === 0xe1 && length >= 16 && view.getUint32(at + 4) === tag('Exif')) {
      orientation = tiffTags(view, at + 10).orientation;
    }
    at += 2 + length;
  }
}

function bmpHeader(view: DataView): ImageHeader {
  const width = view.getInt32(18, true);
  const height = Math.abs(view.getInt32(22, true));
  return { format: 'bmp', width, height, orientation: 1 };
}

function tiffHeader(view: DataView): ImageHeader {
  const { width, height, orientation } = tiffTags(view, 0);
  if (width === undefined || height === undefined) throw new Error('the TIFF does not say its size');
  return { format: 'tiff', width, height, orientation };
}

/** Size and orientation from the first directory of the TIFF structure at `start` (EXIF data is one, too). */
function tiffTags(view: DataView, start: number): { width?: number; height?: number; orientation: number } {
  const result: { width?: number; height?: number; orientation: number } = { orientation: 1 };
  const little = view.getUint16(start) === 0x4949;
  const directory = start + view.getUint32(start + 4, little);
  const entries = view.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i;
    const isShort = view.getUint16(entry + 2, little) === 3;
    const value = isShort ? view.getUint16(entry + 8, little) : view.getUint32(entry + 8, little);
    const name = view.getUint16(entry, little);
    if (name === 256) result.width = value;
    else if (name === 257) result.height = value;
    else if (name === 274 && value >= 1 && value <= 8) result.orientation = value;
  }
  return result;
}

function tag(name: string): number {
  return (
    ((name.charCodeAt(0) << 24) |
      (name.charCodeAt(1) << 16) |
      (name.charCodeAt(2) << 8) |
      name.charCodeAt(3)) >>>
    0
  );
}
