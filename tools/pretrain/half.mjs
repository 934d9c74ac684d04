const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Bits of the nearest float16, ties to even (IEEE 754); throws beyond its range. */
export function toHalf(value) {
  float[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const magnitude = Math.abs(float[0]);
  if (!(magnitude < 65520)) throw new Error(`toHalf: ${value} is beyond the range of float16`);
  // below 2^-14 halves lie 2^-24 apart, above 2^(exponent - 10)
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude || 2 ** -30)));
  const scaled = magnitude / 2 ** (exponent - 10);
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const rounded = floor + (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? 1 : 0);
  // a carry out of the mantissa raises the exponent by itself
  return sign | (rounded < 1024 ? rounded : ((exponent + 15) << 10) + rounded - 1024);
}
