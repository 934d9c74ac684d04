type Values = readonly [type: 3 | 4, ...values: number[]];

/** A little-endian TIFF of exactly these fields and one strip; 273 and 279 are filled in. */
export function tiff(fields: Record<number, Values>, strip: Uint8Array): Uint8Array {
  const all: Record<number, Values> = { ...fields, 273: [4, 0], 279: [4, strip.length] };
  const entries = Object.entries(all).map(([tag, [type, ...values]]) => ({ tag: Number(tag), type, values }));
  const size = (type: number) => (type === 3 ? 2 : 4);
  let end = 8 + 2 + 12 * entries.length + 4;
  const places = entries.map(({ type, values }) => {
    const at = end;
    if (size(type) * values.length > 4) end += size(type) * values.length;
    return at;
  });
  const file = new Uint8Array(end + strip.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x49492a00);
  view.setUint32(4, 8, true);
  view.setUint16(8, entries.length, true);
  entries.forEach(({ tag, type, values }, i) => {
    const entry = 10 + 12 * i;
    view.setUint16(entry, tag, true);
    view.setUint16(entry + 2, type, true);
    view.setUint32(entry + 4, values.length, true);
    const isInline = size(type) * values.length <= 4;
    if (!isInline) view.setUint32(entry + 8, places[i]!, true);
    const at = isInline ? entry + 8 : places[i]!;
    const written = tag === 273 ? [end] : values;
    written.forEach((value, k) => {
      if (type === 3) view.setUint16(at + 2 * k, value, true);
      else view.setUint32(at + 4 * k, value, true);
    });
  });
  file.set(strip, end);
  return file;
}
