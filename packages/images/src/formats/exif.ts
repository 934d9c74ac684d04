const ORIENTATION = 274;
/** Bytes of a value of each type. */
const SIZES: Record<number, number> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
};

/**
 * The orientation that EXIF data state, 1 to 8. Metadata are no reason to refuse a picture: what cannot be read is passed
 * over as Pillow 13 does it (values that lie beyond the end stop it, values that are more than all bytes do not), and
 * without an orientation the picture is upright.
 *
 * @param exif beginning with the byte order
 */
export function exifOrientation(exif: DataView): number {
  const { byteLength } = exif;
  if (byteLength < 8) return 1;
  const order = exif.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  // 42, which some write in the other order.
  if (![42, 42 << 8].includes(exif.getUint16(2))) return 1;
  const directory = exif.getUint32(4, little);
  if (directory + 2 > byteLength) return 1;
  const count = exif.getUint16(directory, little);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const entry = directory + 2 + 12 * i;
    if (entry + 12 > byteLength) break;
    const type = exif.getUint16(entry + 2, little);
    const bytes = (SIZES[type] ?? 0) * exif.getUint32(entry + 4, little);
    let at = entry + 8;
    if (bytes > 4) {
      total += bytes;
      if (total > byteLength) continue;
      at = exif.getUint32(at, little);
      if (at + bytes > byteLength) break;
    }
    if (exif.getUint16(entry, little) !== ORIENTATION || bytes === 0) continue;
    const value = valueAt(exif, at, type, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

function valueAt(exif: DataView, at: number, type: number, little: boolean): number {
  if (type === 3 || type === 8) return exif.getUint16(at, little);
  return type === 4 || type === 9 ? exif.getUint32(at, little) : 1;
}
