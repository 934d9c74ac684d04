import { join } from 'node:path';
import { assertSize, fitImage, type Pixels, type ReadImageOptions } from '@ddad/images';
import { imagesIn } from './layouts/files.js';
import { loadImage } from './load-image.js';
import type { Sample } from './sample.js';

export interface LoadMaskOptions extends Pick<ReadImageOptions, 'fit' | 'maxPixels'> {
  /** `[height, width]` of the result in pixels. */
  size: readonly [number, number];
  /**
   * `nearest` keeps the mask binary. `bilinear` is the reference's: edges become fractions of 255, so that a
   * caller can tell wholly defective pixels (255) from touched ones (> 0).
   * @default 'nearest'
   */
  method?: 'nearest' | 'bilinear';
}

/**
 * The ground truth of a sample as `height * width` bytes: 255 is defect, 0 is not.
 *
 * The file's values are made binary by the data set's rule (`sample.maskThreshold`) before they are resized. A
 * good sample's mask is all 0. An anomalous sample without a mask file has none: the result is undefined, and so
 * it is for a sample of unknown label.
 *
 * @throws if the mask cannot be read or decoded; the message names it
 */
export async function loadMask(
  sample: Pick<Sample, 'label' | 'maskPath' | 'maskThreshold'>,
  { size, fit = 'stretch', method = 'nearest', maxPixels }: LoadMaskOptions,
): Promise<Uint8Array | undefined> {
  assertSize('loadMask', size);
  const { label, maskPath, maskThreshold } = sample;
  if (maskPath === undefined) return label === 0 ? new Uint8Array(size[0] * size[1]) : undefined;
  const parts = await Promise.all((await maskFiles(maskPath)).map((path) => loadImage(path, { maxPixels })));
  return fitImage(unite(parts, maskThreshold, maskPath), { size, channels: 1, fit, method }).data;
}

async function maskFiles(maskPath: string): Promise<string[]> {
  const names = await imagesIn(maskPath);
  return names.length > 0 ? names.map((name) => join(maskPath, name)) : [maskPath];
}

function unite(parts: Pixels[], threshold: number, maskPath: string): Pixels {
  const { width, height } = parts[0]!;
  const data = new Uint8Array(width * height);
  for (const part of parts) {
    if (part.width !== width || part.height !== height) {
      throw new Error(`loadMask: the masks in ${maskPath} differ in size`);
    }
    for (let i = 0; i < data.length; i++) {
      // The strongest channel: class ids in colours would vanish in a weighted gray.
      if (Math.max(part.data[3 * i]!, part.data[3 * i + 1]!, part.data[3 * i + 2]!) > threshold)
        data[i] = 255;
    }
  }
  return { data, width, height, channels: 1 };
}
