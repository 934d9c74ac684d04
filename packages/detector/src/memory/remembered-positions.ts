import type { FeatureMemory, IncludePosition } from '@ddad/scoring';

/**
 * Which positions of features are remembered where not all of the images is judged: those that a judged pixel lies in.
 *
 * @param masks of each image, `side * side` values; undefined where all of it is judged
 * @param options.from number of the first image in the memory @default 0
 * @returns undefined where all of every image is judged
 */
export function rememberedPositions(
  masks: readonly (Uint8Array | undefined)[],
  { side, from = 0 }: { side: number; from?: number },
): IncludePosition | undefined {
  if (!masks.some((mask) => mask)) return undefined;
  const cells = new Map<Uint8Array, Uint8Array>();
  return (image, position, grid) => {
    const mask = masks[image - from];
    if (!mask) return true;
    let cell = cells.get(mask);
    if (!cell) {
      cell = cellsOf(mask, side, grid);
      cells.set(mask, cell);
    }
    return cell[position] === 1;
  };
}

function cellsOf(mask: Uint8Array, side: number, [rows, columns]: readonly [number, number]): Uint8Array {
  const cells = new Uint8Array(rows * columns);
  for (let i = 0; i < mask.length; i++) {
    if (!mask[i]) continue;
    const row = Math.floor((Math.floor(i / side) * rows) / side);
    cells[row * columns + Math.floor(((i % side) * columns) / side)] = 1;
  }
  return cells;
}

/**
 * A memory of tiles as one of pictures: what is left out of a comparison is all of a picture.
 *
 * @param pictures of each tile, in the order in which they were given, the number of its picture among these pictures
 * @param options.from number of the first tile, and of the first picture, in the memory @default 0
 */
export function numberedByPicture(
  memory: FeatureMemory,
  pictures: readonly number[],
  { from = 0 }: { from?: number } = {},
): FeatureMemory {
  const count = pictures.reduce((most, picture) => Math.max(most, picture + 1), 0);
  return {
    ...memory,
    images: memory.images.map((tile) => (tile < from ? tile : from + pictures[tile - from])),
    imageCount: from + count,
  };
}
