import type { TaskOptions } from '@ddad/detector';
import { readManifest } from './checkpoint/manifest-file.js';
import { openData } from './data/open-data.js';
import { trainingImages } from './data/training-images.js';

/**
 * The good images that a detector was calibrated with: those that its training held back, or all of them where there were
 * too few.
 *
 * @param folder holds `detector.json`; its images are where they were
 * @returns each `imageSize * imageSize * channels` interleaved bytes
 * @throws {UserError} no detector, missing or unreadable images
 */
export async function heldBackImages(
  folder: string,
  options: Pick<TaskOptions, 'onNotice' | 'signal'> = {},
): Promise<Uint8Array[]> {
  const { config } = await readManifest(folder);
  const { calibration } = await trainingImages(await openData(config), config, options);
  return calibration;
}
