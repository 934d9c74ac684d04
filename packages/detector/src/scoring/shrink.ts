/**
 * A square image of interleaved bytes at a whole part of its side: the rounded mean of each block of pixels.
 *
 * @param from side of the image, pixels
 * @param to side of the result; divides `from`
 */
export function shrink(image: Uint8Array, { from, to }: { from: number; to: number }): Uint8Array {
  if (from === to) return image;
  const factor = from / to;
  const channels = image.length / (from * from);
  if (!Number.isInteger(factor) || !Number.isInteger(channels)) {
    throw new Error(
      `shrink: needs a square image and a part of its side, got ${image.length} bytes, ${from} and ${to}`,
    );
  }
  const row = from * channels;
  const out = new Uint8Array(to * to * channels);
  const area = factor * factor;
  for (let y = 0, at = 0; y < to; y++) {
    for (let x = 0; x < to; x++) {
      for (let c = 0; c < channels; c++, at++) {
        let sum = 0;
        const corner = y * factor * row + x * factor * channels + c;
        for (let dy = 0; dy < factor; dy++) {
          for (let dx = 0; dx < factor; dx++) sum += image[corner + dy * row + dx * channels];
        }
        out[at] = Math.round(sum / area);
      }
    }
  }
  return out;
}
