import { join } from 'node:path';
import type { Dataset } from '@ddad/datasets';
import { type Scorer, type TaskOptions, UserError } from '@ddad/detector';
import { encodePng } from '@ddad/images';
import type { Manifest } from '../checkpoint/manifest-file.js';
import type { Config } from '../config/schema.js';
import { sizeOf } from '../data/header-of-file.js';
import { float16Tiff } from '../io/float16-tiff.js';
import { writeAtomic } from '../io/write-atomic.js';
import { mapAtSize } from './map-at-size.js';
import { scoredBatches } from './scored-batches.js';

/**
 * What the server of MVTec AD 2 judges, of one of its objects: maps of the private test images at the size of the images, 16-bit
 * floats in `anomaly_images/<object>/<set>/<name>.tiff`, and which of their pixels are defect, 255 or 0 in
 * `anomaly_images_thresholded/<object>/<set>/<name>.png`. Other objects' files in the folder stay.
 *
 * @param options.threshold of pixels
 * @returns how many images
 * @throws {UserError} the data set has no such images, an unwritable folder
 */
export async function writeSubmission(
  folder: string,
  {
    dataset,
    threshold,
    ...options
  }: TaskOptions & {
    dataset: Dataset;
    config: Config;
    scorer: Scorer;
    manifest: Pick<Manifest, 'config' | 'calibration' | 'regionOfInterest'>;
    threshold: number;
  },
): Promise<number> {
  const { imageSize: side, fit } = options.config.data;
  if (fit === 'crop') throw new Error('writeSubmission: needs maps of all of each image');
  let count = 0;
  for await (const { sample, map } of scoredBatches(dataset.privateTest ?? [], options)) {
    const size = await sizeOf(sample.imagePath);
    if (!size) throw new Error(`writeSubmission: ${sample.imagePath} has no size, but was decoded`);
    const large = mapAtSize(map, { side, ...size, fit });
    const path = sample.id.replace(/\.[^./]*$/, '');
    await writeAtomic(join(folder, 'anomaly_images', `${path}.tiff`), float16Tiff(large, size));
    const data = Uint8Array.from(large, (value) => (value >= threshold ? 255 : 0));
    const png = encodePng({ data, ...size, channels: 1 });
    await writeAtomic(join(folder, 'anomaly_images_thresholded', `${path}.png`), png);
    count++;
  }
  return count;
}

/** @throws {UserError} there is nothing to submit, or not all of it can be judged */
export function checkSubmittable(
  { kind, privateTest = [], validation = [], folder }: Dataset,
  { data }: Config,
): void {
  const fail = (problem: string, remedy: string): never => {
    throw new UserError(`option submission: ${problem}`, { code: 'option', remedy });
  };
  if (kind !== 'mvtec2') fail(`needs MVTec AD 2, got a data set of kind ${kind}`, 'leave it out');
  if (!privateTest.length) {
    fail(`no images in ${join(folder, 'test_private')} and test_private_mixed`, 'unpack all of the data set');
  }
  if (!validation.length) {
    fail(
      `needs the good images of ${join(folder, 'validation')} for a threshold`,
      'unpack all of the data set',
    );
  }
  if (data.tiles !== null) {
    fail('writes maps of whole images, but data.tiles cuts them', 'leave data.tiles out');
  }
  if (data.fit === 'crop') {
    fail('needs maps of all of each image, but data.fit is crop', 'take data.fit stretch or pad');
  }
}
