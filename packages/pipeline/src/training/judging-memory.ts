import type { Config } from '../config/schema.js';

/**
 * Bytes, as measured with the embedded network: the program, and by pixel what the extractor needs for the images that go
 * through it at once, and what is kept of an image that has been judged.
 */
const bytes = { program: 300e6, perPixel: 700, perPixelJudged: 20 };

/** Sides of the cells that a memory is searched for, and bytes of a distance. */
const search = { stride: 8, bytes: 4 };

/**
 * Bytes at the peak of what comes before and after a training: all images are kept, decoded; the extractor sees them at their
 * full size, and a memory is searched for every cell of one. A guess, within a factor of two.
 *
 * @param images how many are kept at once
 */
export function judgingMemory({ data, memory }: Config, images: number): number {
  const pixels = data.imageSize ** 2;
  const distances = (pixels / search.stride ** 2) * memory.vectors * search.bytes;
  const each = pixels * (data.channels + bytes.perPixelJudged);
  return bytes.program + bytes.perPixel * pixels + distances + images * each;
}
