import { exifOrientation } from './exif.js';

const ANIMATED = 2;

/**
 * Size and orientation of a WebP file.
 *
 * @throws if it is animated or has no image data; a RangeError if it ends before
 */
export function webpHeader(view: DataView): { width: number; height: number; orientation: number } {
  let size: { width: number; height: number } | undefined;
  let orientation = 1;
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const type = String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
    const length = view.getUint32(at + 4, true);
    const body = at + 8;
    if (type === 'VP8X' && view.getUint8(body) & ANIMATED)
      throw new Error('the WebP is animated, which is not read');
    if (type === 'VP8 ') {
      size ??= {
        width: view.getUint16(body + 6, true) & 0x3fff,
        height: view.getUint16(body + 8, true) & 0x3fff,
      };
    } else if (type === 'VP8L') {
      const bits = view.getUint32(body + 1, true);
      size ??= { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    } else if (type === 'EXIF') {
      const exif = view.getUint32(body) === 0x45786966 ? body + 6 : body;
      const end = Math.min(body + length, view.byteLength);
      if (exif < end)
        orientation = exifOrientation(new DataView(view.buffer, view.byteOffset + exif, end - exif));
    }
    at = body + length + (length & 1);
  }
  if (!size) throw new Error('the WebP has no image data');
  return { ...size, orientation };
}
