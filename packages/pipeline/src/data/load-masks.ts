import { loadMask, type Sample } from '@ddad/datasets';
import { asUserError } from '@ddad/detector';
import type { Config } from '../config/schema.js';

/**
 * The ground truth of test images: `imageSize * imageSize` bytes each, 255 defect, 0 good, between them where
 * `data.maskResize` is bilinear; undefined where nobody drew it.
 */
export function loadMasks(
  samples: readonly Sample[],
  { data }: Pick<Config, 'data'>,
): Promise<(Uint8Array | undefined)[]> {
  const { imageSize, fit, maskResize } = data;
  return asUserError(
    () =>
      Promise.all(
        samples.map((sample) => loadMask(sample, { size: [imageSize, imageSize], fit, method: maskResize })),
      ),
    { code: 'image' },
  );
}
