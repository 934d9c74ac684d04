import { withChannels } from './channels.js';
import { assertPixels, assertSize, type Pixels } from './pixels.js';
import { resize } from './resize.js';

/**
 * How an image that is not of the wanted shape is brought to it: `stretch` ignores the aspect ratio (the
 * reference), `pad` keeps all of the image and adds black bars, `crop` cuts the middle.
 */
export type Fit = 'stretch' | 'pad' | 'crop';

export interface FitOptions {
  /** `[height, width]` of the result in pixels. @default the image's own size */
  size?: readonly [number, number];
  /** 3: gray repeats; 1: colour becomes gray as in Pillow. Alpha is dropped. @default 3 */
  channels?: 1 | 3;
  /**
   * For images of another aspect ratio: `stretch` (the reference), `pad` with black, or `crop` to the middle.
   * @default 'stretch'
   */
  fit?: Fit;
  /** @default 'bilinear' */
  method?: 'bilinear' | 'nearest';
}

/**
 * Brings decoded pixels to the wanted channels and size.
 *
 * @throws if the pixels are inconsistent or an option is not one of those above
 */
export function fitImage(pixels: Pixels, options: FitOptions = {}): Pixels {
  const { size, channels = 3, fit = 'stretch', method = 'bilinear' } = options;
  assertFitOptions('fitImage', options);
  assertPixels('fitImage', pixels);
  if (!size) return withChannels(pixels, channels);
  const fewest = pixels.channels > channels ? withChannels(pixels, channels) : pixels;
  return withChannels(resizeToFit(fewest, size, fit, method), channels);
}

/** Throws unless the options are among those that {@link FitOptions} names; `who` opens the message. */
export function assertFitOptions(who: string, { size, channels = 3, fit = 'stretch' }: FitOptions): void {
  if (size) assertSize(who, size);
  if (channels !== 1 && channels !== 3) throw new Error(`${who}: channels must be 1 or 3, got ${channels}`);
  if (!FITS.includes(fit)) throw new Error(`${who}: fit must be 'stretch', 'pad' or 'crop', got '${fit}'`);
}

const FITS: readonly Fit[] = ['stretch', 'pad', 'crop'];

function resizeToFit(
  pixels: Pixels,
  size: readonly [number, number],
  fit: Fit,
  method: 'bilinear' | 'nearest',
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
  const scale = Math.min(...ratios);
  const h = Math.min(height, Math.max(1, Math.round(pixels.height * scale)));
  const w = Math.min(width, Math.max(1, Math.round(pixels.width * scale)));
  const inner = resize(pixels, { size: [h, w], method });
  return copy(inner, width, height, Math.floor((width - w) / 2), Math.floor((height - h) / 2));
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
