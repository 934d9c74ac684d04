import { join } from 'node:path';
import { assertSize, fitImage, type Pixels, type ReadImageOptions } from '@ddad/images';
import { checkOptions } from '@ddad/options';
import { imagesIn } from './layouts/files.js';
import { readMask } from './read-mask.js';
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
 * The file's values, in its own depth (1 to 32 bits, floats, the indices of a palette, alpha), are made binary by the
 * data set's rule (`sample.maskThreshold`) before they are resized. A good sample's mask is all 0. An anomalous sample
 * without a mask file has none: the result is undefined, and so it is for a sample of unknown label.
 *
 * @throws if the mask cannot be read or decoded, or does not say what is defect; the message names it
 */
export async function loadMask(
  sample: Pick<Sample, 'label' | 'maskPath' | 'maskThreshold'>,
  options: LoadMaskOptions,
): Promise<Uint8Array | undefined> {
  checkOptions('loadMask', options, { size: true, method: true, fit: true, maxPixels: true });
  const { size, fit = 'stretch', method = 'nearest', maxPixels } = options;
  assertSize('loadMask', size);
  const { label, maskPath, maskThreshold } = sample;
  if (maskPath === undefined) return label === 0 ? new Uint8Array(size[0] * size[1]) : undefined;
  const paths = await maskFiles(maskPath);
  const parts = await Promise.all(
    paths.map((path) => readMask(path, { who: 'loadMask', threshold: maskThreshold, maxPixels })),
  );
  return fitImage(unite(parts, maskPath), { size, channels: 1, fit, method }).data;
}

async function maskFiles(maskPath: string): Promise<string[]> {
  const names = await imagesIn(maskPath);
  return names.length > 0 ? names.map((name) => join(maskPath, name)) : [maskPath];
}

function unite(parts: Pixels[], maskPath: string): Pixels {
  const [first, ...others] = parts as [Pixels, ...Pixels[]];
  for (const { data, width, height } of others) {
    if (width !== first.width || height !== first.height) {
      throw new Error(`loadMask: the masks in ${maskPath} differ in size`);
    }
    for (let i = 0; i < data.length; i++) first.data[i]! |= data[i]!;
  }
  return first;
}
