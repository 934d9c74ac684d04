import { placementOf } from '@ddad/images';
import { UserError } from '../errors.js';
import type { Manifest } from '../manifest.js';
import { centreBox, cropTo } from '../scoring/crop.js';
import { regionMask } from './region-mask.js';

/** Gives the mask of a picture of a size; undefined where all of it is judged. */
export type MaskSource = (picture: { width: number; height: number }) => Uint8Array | undefined;

/**
 * The masks of a detector's region of interest, `imageSize * imageSize` values each; that of the last size is kept.
 *
 * @returns it throws a {@link UserError} where nothing of a picture would be judged
 */
export function maskSource({
  config,
  regionOfInterest,
}: Pick<Manifest, 'config' | 'regionOfInterest'>): MaskSource {
  if (!regionOfInterest) return () => undefined;
  const { imageSize: side, fit } = config.data;
  const scored = centreBox(side, config.scoring.crop);
  let last: { width: number; height: number; mask: Uint8Array } | undefined;
  return ({ width, height }) => {
    if (last?.width === width && last.height === height) return last.mask;
    const picture = { width, height };
    const placement = placementOf(picture, { size: [side, side], fit });
    const mask = regionMask(regionOfInterest, { side, picture, placement });
    if (!cropTo(mask, side, scored).includes(1)) {
      throw new UserError(
        `the region of interest leaves nothing of a picture of ${width}x${height} pixels to judge`,
        {
          code: 'image',
          remedy: 'set another region',
        },
      );
    }
    last = { ...picture, mask };
    return mask;
  };
}
