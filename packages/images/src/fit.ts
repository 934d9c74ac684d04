import { checkOptions } from '@ddad/options';
import { withChannels } from './channels.js';
import { assertPixels, assertSize, type Pixels } from './pixels.js';
import { resize } from './resize.js';

/**
 * How an image that is not of the wanted shape is brought to it: `stretch` ignores the aspect ratio (the
 * reference), `pad` keeps all of the image and adds black bars, `crop` cuts the middle.
 */
export type Fit = (typeof fits)[number];

export const fits = ['stretch', 'pad', 'crop'] as const;

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

/** The keys of {@link FitOptions}. */
export const fitKeys = { size: true, channels: true, fit: true, method: true } as const;

/**
 * Brings decoded pixels to the wanted channels and size.
 *
 * @throws if the pixels are inconsistent or an option is not one of those above
 */
export function fitImage(pixels: Pixels, options: FitOptions = {}): Pixels {
  checkOptions('fitImage', options, fitKeys);
  const { size, channels = 3, fit = 'stretch', method = 'bilinear' } = options;
  assertFitOptions('fitImage', options);
  assertPixels('fitImage', pixels);
  if (!size) return withChannels(pixels, channels);
  const fewest = pixels.channels > channels ? withChannels(pixels, channels) : pixels;
  return withChannels(resizeToFit(fewest, size, fit, method), channels);
}

/** Throws unless the options are among those that {@link FitOptions} names; `who` opens the message. */
export function assertFitOptions(who: string, options: FitOptions): void {
  const { size, channels = 3, fit = 'stretch', method = 'bilinear' } = options;
  if (size) assertSize(who, size);
  if (channels !== 1 && channels !== 3) throw new Error(`${who}: channels must be 1 or 3, got ${channels}`);
  if (!fits.includes(fit)) throw new Error(`${who}: fit must be one of ${fits.join(', ')}, got '${fit}'`);
  if (method !== 'bilinear' && method !== 'nearest') {
    throw new Error(`${who}: method must be 'bilinear' or 'nearest', got '${method}'`);
  }
}

/** A rectangle in whole pixels from the upper left corner. */
export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Which part of an image shows where after {@link fitImage}. */
export interface Placement {
  /** The part that is kept, in pixels of the image: all of it but for `crop`. */
  source: Rectangle;
  /** Where it lies, in pixels of the result: all of it but for `pad`. */
  target: Rectangle;
}

/**
 * Where {@link fitImage} puts an image.
 *
 * @param image its size, upright
 * @param options as given to `fitImage`
 */
export function placementOf(
  { width, height }: Pick<Pixels, 'width' | 'height'>,
  options: FitOptions,
): Placement {
  checkOptions('placementOf', options, fitKeys);
  const { size = [height, width], fit = 'stretch' } = options;
  const [rows, columns] = size;
  const source = { x: 0, y: 0, width, height };
  const target = { x: 0, y: 0, width: columns, height: rows };
  if (fit === 'stretch' || rows * width === columns * height) return { source, target };
  const ratios = [rows / height, columns / width];
  if (fit === 'crop') {
    const scale = Math.max(...ratios);
    return { source: centred(source, columns / scale, rows / scale), target };
  }
  const scale = Math.min(...ratios);
  return { source, target: centred(target, width * scale, height * scale) };
}

/** The middle of `within`, at least one pixel and no more than all of it. */
function centred(within: Rectangle, columns: number, rows: number): Rectangle {
  const width = Math.min(within.width, Math.max(1, Math.round(columns)));
  const height = Math.min(within.height, Math.max(1, Math.round(rows)));
  return {
    x: Math.floor((within.width - width) / 2),
    y: Math.floor((within.height - height) / 2),
    width,
    height,
  };
}

/**
 * The smallest rectangle of whole pixels of the image that covers a rectangle of the result of {@link fitImage};
 * undefined where that shows nothing of the image (the bars of `pad`).
 *
 * @param box in pixels of the result
 */
export function toOriginal(box: Rectangle, { source, target }: Placement): Rectangle | undefined {
  const left = Math.max(box.x, target.x) - target.x;
  const top = Math.max(box.y, target.y) - target.y;
  const right = Math.min(box.x + box.width, target.x + target.width) - target.x;
  const bottom = Math.min(box.y + box.height, target.y + target.height) - target.y;
  if (!(left < right && top < bottom)) return undefined;
  const [scaleX, scaleY] = [source.width / target.width, source.height / target.height];
  const x = Math.floor(left * scaleX);
  const y = Math.floor(top * scaleY);
  return {
    x: source.x + x,
    y: source.y + y,
    width: Math.min(source.width, Math.ceil(right * scaleX)) - x,
    height: Math.min(source.height, Math.ceil(bottom * scaleY)) - y,
  };
}

function resizeToFit(
  pixels: Pixels,
  size: readonly [number, number],
  fit: Fit,
  method: 'bilinear' | 'nearest',
): Pixels {
  const [height, width] = size;
  const { source, target } = placementOf(pixels, { size, fit });
  const kept =
    source.width === pixels.width && source.height === pixels.height
      ? pixels
      : copy(pixels, source.width, source.height, -source.x, -source.y);
  const inner = resize(kept, { size: [target.height, target.width], method });
  if (target.width === width && target.height === height) return inner;
  return copy(inner, width, height, target.x, target.y);
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
