import { type Placement, placementOf, type Tile, tileGrid } from '@ddad/images';
import type { Config } from './config.js';
import { UserError } from './errors.js';

/** The map of a picture: its size, and where the picture lies in it. */
export interface PictureMap {
  /** Pixels of the map. */
  width: number;
  height: number;
  placement: Placement;
  /** What the picture is cut into, see `tileGrid` of @ddad/images; undefined where it is seen as a whole. */
  tiles: Tile[] | undefined;
}

/**
 * The map that a detector makes of a picture.
 *
 * @param picture its size, upright
 * @param name of the picture, for the message
 * @throws {UserError} it is smaller than a tile
 */
export function pictureMap(
  picture: { width: number; height: number },
  { data }: Pick<Config, 'data'>,
  name = 'a picture',
): PictureMap {
  const { imageSize: side, fit, tiles: tile } = data;
  if (tile === null) {
    const placement = placementOf(picture, { size: [side, side], fit });
    return { width: side, height: side, placement, tiles: undefined };
  }
  try {
    const { width, height, tiles } = tileGrid(picture, { tile, side });
    return { width, height, placement: placementOf(picture, { size: [height, width] }), tiles };
  } catch (cause) {
    throw new UserError(`${name}: data.tiles ${(cause as Error).message}`, {
      code: 'image',
      remedy: 'choose tiles that fit into every picture',
      cause,
    });
  }
}

/** The size of the smallest square picture that a detector takes without a change. */
export function smallestPicture({ data }: Pick<Config, 'data'>): { width: number; height: number } {
  const side = data.tiles ?? data.imageSize;
  return { width: side, height: side };
}
