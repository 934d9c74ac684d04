import { reconstructedSize, shrink } from '@ddad/detector';
import type { Config } from '../config/schema.js';

/**
 * Masks of images at the size at which the UNet works: 1 where anything of a pixel counts, 0 elsewhere.
 *
 * @param masks `data.imageSize` squared; undefined where all of an image counts
 */
export function learntMasks(
  masks: readonly (Uint8Array | undefined)[] | undefined,
  config: Config,
): (Uint8Array | undefined)[] | undefined {
  const size = { from: config.data.imageSize, to: reconstructedSize(config) };
  return masks?.map(
    (mask) =>
      mask &&
      shrink(
        mask.map((value) => 255 * value),
        size,
      ).map((value) => Number(value > 0)),
  );
}
