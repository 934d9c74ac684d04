/** The largest finite float16. */
const LARGEST = 65_504;

/**
 * The bytes of a TIFF file of one channel of 16-bit floats: little-endian, one strip, not compressed, so that whatever reads
 * such TIFF at all reads it. Values are rounded to the nearest float16, ties to even.
 *
 * @param values `width * height`, row-major
 * @throws Error where the sizes differ, or a value is not finite or too large for a float16
 */
export function float16Tiff(
  values: ArrayLike<number>,
  { width, height }: { width: number; height: number },
): Uint8Array {
  if (values.length !== width * height) {
    throw new Error(`float16Tiff: ${width} x ${height} pixels need as many values, got ${values.length}`);
  }
  const [short, long] = [3, 4];
  const data = 8;
  const bytes = 2 * values.length;
  const fields: [tag: number, type: number, value: number][] = [
    [256, long, width],
    [257, long, height],
    [258, short, 16],
    // no compression; black is 0
    [259, short, 1],
    [262, short, 1],
    [273, long, data],
    [277, short, 1],
    [278, long, height],
    [279, long, bytes],
    // floating point
    [339, short, 3],
  ];
  const out = new Uint8Array(data + bytes + 2 + 12 * fields.length + 4);
  const view = new DataView(out.buffer);
  out.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, data + bytes, true);
  for (let i = 0; i < values.length; i++) view.setUint16(data + 2 * i, float16Bits(values[i]), true);
  let at = data + bytes;
  view.setUint16(at, fields.length, true);
  at += 2;
  for (const [tag, type, value] of fields) {
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, 1, true);
    // little-endian: a short lies in the first two of the four bytes
    view.setUint32(at + 8, value, true);
    at += 12;
  }
  return out;
}

const single = new Float32Array(1);
const bitsOf = new Uint32Array(single.buffer);

/** The 16 bits of the float16 nearest to a float32. */
export function float16Bits(value: number): number {
  if (!(Math.abs(value) < LARGEST + 16)) {
    throw new Error(`float16Tiff: needs values from -${LARGEST} to ${LARGEST}, got ${value}`);
  }
  single[0] = value;
  const bits = bitsOf[0];
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  const mantissa = (bits & 0x7f_ffff) | 0x80_0000;
  if (exponent < -10) return sign;
  // what of the mantissa does not fit: 13 bits, and one more for each step below the smallest exponent
  const shift = exponent > 0 ? 13 : 14 - exponent;
  const kept = exponent > 0 ? (exponent << 10) + ((mantissa >>> 13) & 0x3ff) : mantissa >>> shift;
  const rest = mantissa & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (kept + (rest > half || (rest === half && kept & 1) ? 1 : 0));
}
