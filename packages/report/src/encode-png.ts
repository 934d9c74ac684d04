import { encode, Image } from 'image-js';
import { checkPixels, type Size } from './check-pixels.js';

/**
 * The bytes of a PNG file.
 * @param pixels RGB [height * width * 3] or gray [height * width], 8 bits, row-major
 * @throws if the length is neither width x height x 3 nor width x height
 */
export function encodePng(pixels: Uint8Array, { width, height }: Size): Uint8Array {
  const gray = pixels.length === width * height;
  if (!gray) checkPixels('encodePng', pixels, { width, height, channels: 3 });
  return encode(new Image(width, height, { data: pixels, colorModel: gray ? 'GREY' : 'RGB' }), {
    format: 'png',
  });
}
