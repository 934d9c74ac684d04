import { readFile } from 'node:fs/promises';
import {
  assertFitOptions,
  MissingDecoderError,
  type Pixels,
  type ReadImageOptions,
  readImage,
} from '@ddad/images';
import { checkOptions } from '@ddad/options';
import { reason } from './reason.js';

export interface LoadImageOptions extends ReadImageOptions {}

/**
 * Reads, decodes and resizes one image file: `readImage` of `@ddad/images` on the file's bytes.
 *
 * @throws if the file cannot be read or decoded; the message names it
 * @throws {MissingDecoderError} if a bundler has left the decoder out
 */
export async function loadImage(path: string, options: LoadImageOptions = {}): Promise<Pixels> {
  checkOptions('loadImage', options, {
    size: true,
    channels: true,
    fit: true,
    method: true,
    maxPixels: true,
    window: true,
  });
  if (typeof path !== 'string') {
    throw new Error(`loadImage: needs the path of an image as text, got ${String(path)}`);
  }
  assertFitOptions('loadImage', options);
  try {
    return await readImage(await readFile(path), options);
  } catch (error) {
    if (error instanceof MissingDecoderError) throw error;
    throw new Error(`loadImage: cannot read ${path}: ${reason(error)}`, { cause: error });
  }
}
