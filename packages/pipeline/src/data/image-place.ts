import { loadImage } from '@ddad/datasets';
import { type MaskSource, maskOfTile } from '@ddad/detector';
import type { Tile } from '@ddad/images';
import { sizeOf } from './header-of-file.js';

/** Where something that the networks see at once comes from: a picture, or a tile of one. */
export interface ImagePlace {
  /** Path of the picture. */
  path: string;
  /** The picture's number among those loaded with it. */
  picture: number;
  /** Which part of the picture, and how many columns the picture's map has. */
  tile?: Tile & { mapWidth: number };
}

/**
 * What of an image is judged; undefined where all of it is, null for a tile of which nothing is.
 *
 * @throws {UserError} the region of interest leaves nothing of the picture
 */
export async function maskOf(
  { path, tile }: ImagePlace,
  { masks, side }: { masks: MaskSource; side: number },
): Promise<Uint8Array | undefined | null> {
  const mask = masks((await sizeOf(path)) ?? (await loadImage(path)));
  return tile ? maskOfTile(mask, tile, { width: tile.mapWidth, side }) : mask;
}
