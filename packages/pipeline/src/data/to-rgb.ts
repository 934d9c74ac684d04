/** Interleaved bytes of 1 or 3 channels as RGB. */
export function toRgb(bytes: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return bytes;
  const rgb = new Uint8Array(bytes.length * 3);
  for (let i = 0; i < bytes.length; i++) rgb.fill(bytes[i], 3 * i, 3 * i + 3);
  return rgb;
}
