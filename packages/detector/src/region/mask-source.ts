import { UserError } from '../errors.js';
import type { Manifest } from '../manifest.js';
import { pictureMap } from '../picture-map.js';
import { centreBox, cropTo } from '../scoring/crop.js';
import { regionMask } from './region-mask.js';

/** Gives the mask of the map of a picture of a size; undefined where all of it is judged. */
export type MaskSource = (picture: { width: number; height: number }) => Uint8Array | undefined;

/**
 * The masks of a detector's region of interest, a value for each pixel of the map; that of the last size is kept.
 *
 * @returns it throws a {@link UserError} where nothing of a picture would be judged
 */
export function maskSource({
  config,
  regionOfInterest,
}: Pick<Manifest, 'config' | 'regionOfInterest'>): MaskSource {
  if (!regionOfInterest) return () => undefined;
  const { imageSize: side } = config.data;
  const scored = centreBox(side, config.scoring.crop);
  let last: { width: number; height: number; mask: Uint8Array } | undefined;
  return ({ width, height }) => {
    if (last?.width === width && last.height === height) return last.mask;
    const picture = { width, height };
    const { tiles, ...map } = pictureMap(picture, config);
    const mask = regionMask(regionOfInterest, { ...map, picture });
    if (!(tiles ? mask : cropTo(mask, side, scored)).includes(1)) {
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

/** The part of a mask that a tile shows; undefined where that is all judged, null where nothing of it is. */
export function maskOfTile(
  mask: Uint8Array | undefined,
  { x, y }: { x: number; y: number },
  { width, side }: { width: number; side: number },
): Uint8Array | undefined | null {
  if (!mask) return undefined;
  const part = new Uint8Array(side * side);
  for (let row = 0; row < side; row++) {
    const from = (y + row) * width + x;
    part.set(mask.subarray(from, from + side), row * side);
  }
  if (!part.includes(1)) return null;
  return part.includes(0) ? part : undefined;
}
