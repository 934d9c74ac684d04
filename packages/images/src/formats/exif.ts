import { readTiffTags } from './tiff-tags.js';

const ORIENTATION = 274;

/**
 * The orientation that EXIF data states, 1 to 8; 1 (upright) where it states none that can be read: metadata are no
 * reason to refuse a picture.
 *
 * @param exif beginning with the byte order
 */
export function exifOrientation(exif: DataView): number {
  try {
    const order = exif.getUint16(0);
    if (order !== 0x4949 && order !== 0x4d4d) return 1;
    const [value] = readTiffTags(exif).values(ORIENTATION) ?? [];
    return value !== undefined && value >= 1 && value <= 8 ? value : 1;
  } catch {
    return 1;
  }
}
