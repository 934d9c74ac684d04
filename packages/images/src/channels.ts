import type { Pixels } from './pixels.js';

/**
 * Drops alpha, then makes 1 or 3 channels: gray repeats, colour becomes gray as in Pillow
 * (`L = (19595 R + 38470 G + 7471 B + 32768) >> 16`).
 */
export function withChannels(pixels: Pixels, channels: 1 | 3): Pixels {
  const { data, width, height, channels: from } = pixels;
  if (from === channels) return pixels;
  const count = width * height;
  const result = new Uint8Array(count * channels);
  for (let i = 0, p = 0; i < count; i++, p += from) {
    if (from <= 2) result.fill(data[p]!, i * channels, (i + 1) * channels);
    else if (channels === 3) {
      result[3 * i] = data[p]!;
      result[3 * i + 1] = data[p + 1]!;
      result[3 * i + 2] = data[p + 2]!;
    } else {
      result[i] = (19595 * data[p]! + 38470 * data[p + 1]! + 7471 * data[p + 2]! + 32768) >> 16;
    }
  }
  return { data: result, width, height, channels };
}
