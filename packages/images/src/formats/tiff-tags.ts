/** Bytes of a value of each field type that holds integers. */
const SIZES: Record<number, number> = { 1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4, 13: 4, 16: 8, 17: 8, 18: 8 };

interface Field {
  type: number;
  count: number;
  /** Where its values lie. */
  at: number;
}

/** The fields of one directory. */
export interface TiffTags {
  littleEndian: boolean;
  /** The field's integers; undefined if there is none. @throws if they lie outside the file or are no integers */
  values(tag: number): number[] | undefined;
}

/**
 * The first directory of a TIFF or BigTIFF file.
 *
 * @throws RangeError if it does not lie within the view
 */
export function readTiffTags(view: DataView): TiffTags {
  const littleEndian = view.getUint16(0) === 0x4949;
  const u16 = (at: number) => view.getUint16(at, littleEndian);
  const u32 = (at: number) => view.getUint32(at, littleEndian);
  const u64 = (at: number) => Number(view.getBigUint64(at, littleEndian));
  const big = u16(2) === 43;
  const directory = big ? u64(8) : u32(4);
  const count = big ? u64(directory) : u16(directory);
  const fields = new Map<number, Field>();
  for (let i = 0; i < count; i++) {
    const entry = directory + (big ? 8 + 20 * i : 2 + 12 * i);
    const type = u16(entry + 2);
    const values = big ? u64(entry + 4) : u32(entry + 4);
    const inline = entry + (big ? 12 : 8);
    const fits = (SIZES[type] ?? 1) * values <= (big ? 8 : 4);
    fields.set(u16(entry), {
      type,
      count: values,
      at: fits ? inline : big ? u64(inline) : u32(inline),
    });
  }
  const read: Record<number, (at: number) => number> = {
    1: (at) => view.getUint8(at),
    3: u16,
    4: u32,
    6: (at) => view.getInt8(at),
    8: (at) => view.getInt16(at, littleEndian),
    9: (at) => view.getInt32(at, littleEndian),
    13: u32,
    16: u64,
    17: (at) => Number(view.getBigInt64(at, littleEndian)),
    18: u64,
  };
  return {
    littleEndian,
    values: (tag) => {
      const field = fields.get(tag);
      if (!field) return undefined;
      const size = SIZES[field.type];
      if (size === undefined) throw new Error(`the TIFF is damaged: its field ${tag} holds no integers`);
      if (field.at + field.count * size > view.byteLength) {
        throw new Error(`the TIFF is cut or damaged: its field ${tag} lies beyond its end`);
      }
      return Array.from({ length: field.count }, (_, i) => read[field.type]!(field.at + i * size));
    },
  };
}
