import { checkOptions } from '@ddad/options';
import { type FitOptions, fitImage, type Rectangle } from './fit.js';
import { assertPixels, type Pixels } from './pixels.js';

/** A square part of a picture. */
export interface Tile {
  /** Column and row of its upper left corner in the map. */
  x: number;
  y: number;
  /** What of the picture it shows, in pixels of the picture. */
  source: Rectangle;
}

/** How a picture is cut, and the map that is put together again. */
export interface TileGrid {
  /** Of the map: the picture at the scale at which its tiles are seen. */
  width: number;
  height: number;
  /** Side of a tile in the map. */
  side: number;
  /** Row by row. */
  tiles: Tile[];
}

export interface TileGridOptions {
  /** Side of a tile, pixels of the picture. */
  tile: number;
  /** Side that a tile is brought to, pixels. */
  side: number;
}

/** Share of their side that tiles have in common with the next at least: twice what a blur of a 64th of it reaches. */
const overlap = 1 / 8;

/**
 * Cuts a picture into square tiles that cover all of it: as few as share an eighth of their side at least, spread evenly.
 * The same for all pictures of a size.
 *
 * @param picture its size, upright
 * @throws if it is smaller than a tile in one direction
 */
export function tileGrid(
  { width, height }: Pick<Pixels, 'width' | 'height'>,
  options: TileGridOptions,
): TileGrid {
  checkOptions('tileGrid', options, { tile: true, side: true });
  const { tile, side } = options;
  if (Math.min(width, height) < tile) {
    throw new Error(`needs at least a tile of ${tile}x${tile} pixels, got ${width}x${height}`);
  }
  const across = along(width, { tile, side });
  const down = along(height, { tile, side });
  const tiles = down.starts.flatMap(({ at: y, from: top }) =>
    across.starts.map(({ at: x, from: left }) => ({
      ...{ x, y },
      source: { x: left, y: top, width: tile, height: tile },
    })),
  );
  return { width: across.length, height: down.length, side, tiles };
}

/** One direction: the length of the map, and where tiles begin in it and in the picture. */
function along(pixels: number, { tile, side }: TileGridOptions) {
  const length = Math.max(side, Math.round((pixels * side) / tile));
  const shared = Math.floor(side * overlap);
  const count = Math.max(1, Math.ceil((length - shared) / (side - shared)));
  const last = count - 1;
  const starts = Array.from({ length: count }, (_, i) => {
    const at = last === 0 ? 0 : Math.round((i * (length - side)) / last);
    return { at, from: Math.min(pixels - tile, Math.round((at * pixels) / length)) };
  });
  return { length, starts };
}

/**
 * The pixels of a tile.
 *
 * @param options.size `[height, width]` that it is brought to
 */
export function cutTile(pixels: Pixels, { source }: Tile, options: FitOptions = {}): Pixels {
  assertPixels('cutTile', pixels);
  const { x, y, width, height } = source;
  const { channels } = pixels;
  const data = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * pixels.width + x) * channels;
    data.set(pixels.data.subarray(from, from + width * channels), row * width * channels);
  }
  return fitImage({ data, width, height, channels }, options);
}
