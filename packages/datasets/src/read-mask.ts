import { readFile } from 'node:fs/promises';
import { decodeSamples, MissingDecoderError, type Pixels } from '@ddad/images';
import { binaryMask } from './mask-values.js';
import { reason } from './reason.js';

export interface ReadMaskOptions {
  /** Opens the messages of errors. */
  who: string;
  /** Values above it are defect: the sample's `maskThreshold`. */
  threshold: number;
  /** As for `loadImage`. */
  maxPixels?: number;
}

/**
 * A mask file at its own size, one channel: 255 is defect, 0 is not.
 *
 * @throws if it cannot be read or decoded, or does not say what is defect; the message names it
 */
export async function readMask(
  path: string,
  { who, threshold, maxPixels }: ReadMaskOptions,
): Promise<Pixels> {
  try {
    const samples = await decodeSamples(await readFile(path), { maxPixels });
    const { width, height } = samples;
    return { data: binaryMask(samples, threshold), width, height, channels: 1 };
  } catch (error) {
    if (error instanceof MissingDecoderError) throw error;
    throw new Error(`${who}: cannot read ${path}: ${reason(error)}`, { cause: error });
  }
}
