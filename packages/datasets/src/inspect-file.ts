import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { decodeSamples, type ImageFormat, readHeader, type SampleArray, toPixels } from '@ddad/images';
import { binaryMask, maskValues } from './mask-values.js';

/** What the doctor wants to know of an image or mask file. */
export interface FileFacts {
  sha256: string;
  format: ImageFormat;
  /** Upright. */
  width: number;
  height: number;
  channels: number;
  /** Of an image with 16 bits a sample: the largest. */
  largest?: number;
  /** Only asked of masks. */
  mask?: {
    /** Distinct values, ascending; beyond 256 of them only the smallest and the largest. */
    values: number[];
    /** Whether a pixel of it is defect. */
    marks: boolean;
  };
}

/**
 * @param options.maskThreshold of a mask: `sample.maskThreshold`
 * @param options.window of an image, as for `loadImage`
 * @throws as `decodeImage` and `readFile` do
 */
export async function inspectFile(
  path: string,
  { maskThreshold, window }: { maskThreshold?: number; window?: readonly [number, number] } = {},
): Promise<FileFacts> {
  const bytes = await readFile(path);
  const { format } = readHeader(bytes);
  const samples = await decodeSamples(bytes);
  const { width, height } = samples;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (maskThreshold === undefined) {
    const channels = toPixels(samples, { window }).channels <= 2 ? 1 : 3;
    const { data } = samples;
    const largest = data instanceof Uint16Array ? data.reduce((a, b) => Math.max(a, b), 0) : undefined;
    return { sha256, format, width, height, channels, ...(largest !== undefined && { largest }) };
  }
  const mask = {
    values: distinct(maskValues(samples, maskThreshold).values),
    marks: binaryMask(samples, maskThreshold).includes(255),
  };
  return { sha256, format, width, height, channels: samples.channels <= 2 ? 1 : 3, mask };
}

function distinct(values: SampleArray): number[] {
  const found = [...new Set(values)].sort((a, b) => a - b);
  return found.length <= 256 ? found : [...found.slice(0, 255), found.at(-1)!];
}
