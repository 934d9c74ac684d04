import { encodePng } from '@ddad/images';
import { checkOptions } from '@ddad/options';
import { checkPixels, type Size } from './check-pixels.js';

/** An RGB image, `data` is [height * width * 3], row-major. */
export interface RgbImage extends Size {
  data: Uint8Array;
}

/** Options of {@link panel}. */
export interface PanelOptions {
  /** Pixels between images and around them. @default 4 */
  gap?: number;
  /** RGB of the gaps and of what smaller images leave free. @default [255, 255, 255] */
  background?: readonly [number, number, number];
  /** Images in a row; more begin the next row. @default all */
  columns?: number;
}

/**
 * Images side by side as a PNG file, each at the top left of its cell; the largest image sets the cells' size.
 * @throws without an image, or if an image's data do not match its size
 */
export function panel(images: readonly RgbImage[], options: PanelOptions = {}): Uint8Array {
  checkOptions('panel', options, { gap: true, background: true, columns: true });
  const { gap = 4, background = [255, 255, 255], columns = images.length } = options;
  if (images.length === 0) throw new Error('panel: needs at least one image, got none');
  if (!(Number.isInteger(columns) && columns > 0)) {
    throw new Error(`panel: columns must be a positive whole number, got ${columns}`);
  }
  const cellWidth = Math.max(...images.map((image) => image.width)) + gap;
  const cellHeight = Math.max(...images.map((image) => image.height)) + gap;
  const width = Math.min(columns, images.length) * cellWidth + gap;
  const height = Math.ceil(images.length / columns) * cellHeight + gap;
  const out = new Uint8Array(3 * width * height);
  for (let i = 0; i < out.length; i += 3) out.set(background, i);
  images.forEach((image, i) => {
    checkPixels(`panel: image ${i}`, image.data, { ...image, channels: 3 });
    const left = gap + (i % columns) * cellWidth;
    const top = gap + Math.floor(i / columns) * cellHeight;
    for (let y = 0; y < image.height; y++) {
      const row = image.data.subarray(3 * y * image.width, 3 * (y + 1) * image.width);
      out.set(row, 3 * ((top + y) * width + left));
    }
  });
  return encodePng({ data: out, width, height, channels: 3 });
}
