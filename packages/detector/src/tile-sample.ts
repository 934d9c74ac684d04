import { deriveSeed, permutation } from '@ddad/nn';

/** Tiles that are trained on and remembered, bytes at most: of more, some of each picture are drawn. */
export const tileBytes = 256 * 2 ** 20;

/** Tiles that scales and weights come from, at most. */
export const calibrationTiles = 64;

/**
 * At most so many of a list, drawn from (seed, key), in their order.
 *
 * @param options.key tells lists apart, such as the number of a picture
 */
export function drawn<T>(
  items: readonly T[],
  { most, seed, key }: { most: number; seed: number; key: number },
): T[] {
  if (items.length <= most) return [...items];
  const chosen = [...permutation(deriveSeed(seed, key), items.length).subarray(0, most)];
  return chosen.sort((a, b) => a - b).map((i) => items[i]);
}

/** Tiles of each picture that may be kept, at least one. */
export function tilesPerPicture(pictures: number, each: number, most = tileBytes): number {
  return Math.max(1, Math.floor(most / each / Math.max(1, pictures)));
}
