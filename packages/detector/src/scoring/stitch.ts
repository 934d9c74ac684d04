/** Puts the maps of a picture's tiles together. */
export interface Stitcher {
  /**
   * @param tile column and row of its upper left corner
   * @param values `side * side * channels`, row by row
   */
  add(tile: { x: number; y: number }, values: ArrayLike<number>): void;
  /** `width * height * channels` values; 0 where no tile was added. */
  readonly result: Float32Array;
}

/**
 * Where tiles overlap, the mean of them, each weighted by how deep inside of it the place lies: a tile knows least about its
 * own edge, and no seam is seen.
 *
 * @param grid of `tileGrid` of @ddad/images, all of its tiles
 */
export function createStitcher(
  grid: { width: number; height: number; side: number; tiles: readonly { x: number; y: number }[] },
  channels = 1,
): Stitcher {
  const { width, height, side, tiles } = grid;
  const across = profiles(
    tiles.map(({ x }) => x),
    { side, length: width },
  );
  const down = profiles(
    tiles.map(({ y }) => y),
    { side, length: height },
  );
  const result = new Float32Array(width * height * channels);
  return {
    result,
    add({ x, y }, values) {
      const [columns, rows] = [across.get(x)!, down.get(y)!];
      for (let row = 0, from = 0; row < side; row++) {
        let to = ((y + row) * width + x) * channels;
        for (let column = 0; column < side; column++) {
          const weight = rows[row] * columns[column];
          for (let c = 0; c < channels; c++) result[to++] += weight * values[from++];
        }
      }
    },
  };
}

/** The weights along a tile that begins at each place: together 1 everywhere. */
function profiles(
  starts: readonly number[],
  { side, length }: { side: number; length: number },
): Map<number, Float64Array> {
  const places = [...new Set(starts)];
  const depth = (i: number) => Math.min(i, side - 1 - i) + 0.5;
  const sums = new Float64Array(length);
  for (const start of places) for (let i = 0; i < side; i++) sums[start + i] += depth(i);
  return new Map(
    places.map((start) => [start, Float64Array.from({ length: side }, (_, i) => depth(i) / sums[start + i])]),
  );
}
