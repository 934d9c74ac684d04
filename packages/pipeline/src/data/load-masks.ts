import { loadMask, type Sample } from '@ddad/datasets';
import { asUserError } from '@ddad/detector';
import type { Config } from '../config/schema.js';

/**
 * The ground truth of test images: 255 defect, 0 good, between them where `data.maskResize` is bilinear; undefined where
 * nobody drew it.
 *
 * @param size height and width @default `imageSize` both
 */
export function loadMasks(
  samples: readonly Sample[],
  { data }: Pick<Config, 'data'>,
  size: readonly [number, number] = [data.imageSize, data.imageSize],
): Promise<(Uint8Array | undefined)[]> {
  const { fit, maskResize } = data;
  return asUserError(
    () => Promise.all(samples.map((sample) => loadMask(sample, { size, fit, method: maskResize }))),
    { code: 'image' },
  );
}
