import type { Pixels } from '../pixels.js';
import { resize } from '../resize.js';

/**
 * How an image that is not of the wanted shape is brought to it: `stretch` ignores the aspect ratio (the
 * reference), `pad` keeps all of the image and adds black bars, `crop` cuts the middle.
 */
export type Fit = 'stretch' | 'pad' | 'crop';

export interface FitOptions {
  size: readonly [number, number];
  fit?: Fit;
  method?: 'bilinear' | 'nearest';
}

export function resizeToFit(
  pixels: Pixels,
  { size, fit = 'stretch', method = 'bilinear' }: FitOptions,
): Pixels {
  const [height, width] = size;
  if (fit === 'stretch' || height * pixels.width === width * pixels.height)
    return resize(pixels, { size, method });
  const ratios = [height / pixels.height, width / pixels.width];
  if (fit === 'crop') {
    const scale = Math.max(...ratios);
    const h = Math.min(pixels.height, Math.max(1, Math.round(height / scale)));
    const w = Math.min(pixels.width, Math.max(1, Math.round(width / scale)));
    const middle = copy(
      pixels,
      w,
      h,
      -Math.floor((pixels.width - w) / 2),
      -Math.floor((pixels.height - h) / 2),
    );
    return resize(middle, { size, method });
  }
  if (fit === 'pad') {
    const scale = Math.min(...ratios);
    const h = Math.min(height, Math.max(1, Math.round(pixels.height * scale)));
    const w = Math.min(width, Math.max(1, Math.round(pixels.width * scale)));
    const inner = resize(pixels, { size: [h, w], method });
    return copy(inner, width, height, Math.floor((width - w) / 2), Math.floor((height - h) / 2));
  }
  throw new Error(`fit must be 'stretch', 'pad' or 'crop', got '${fit}'`);
}

/** A black `width` x `height` canvas with `pixels` at (left, top), either of which may be negative. */
function copy(pixels: Pixels, width: number, height: number, left: number, top: number): Pixels {
  const { channels } = pixels;
  const data = new Uint8Array(width * height * channels);
  const x0 = Math.max(0, left);
  const x1 = Math.min(width, left + pixels.width);
  for (let y = Math.max(0, top); y < Math.min(height, top + pixels.height); y++) {
    const from = ((y - top) * pixels.width + x0 - left) * channels;
    data.set(pixels.data.subarray(from, from + (x1 - x0) * channels), (y * width + x0) * channels);
  }
  return { data, width, height, channels };
}
