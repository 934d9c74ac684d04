/** What brings the maps of a term to the scale of others'. */
export interface TermScale {
  /** What is typical anywhere on good images. */
  location: number;
  /** How far the largest value of a typical good image lies above it. */
  scale: number;
}

/**
 * Location and scale of a term's maps on good images, robust against some that are not good: the median over the images
 * of their medians, and the median of their maxima above it. `(map - location) / scale` of a good image is about 0
 * in most places and at most about 1.
 *
 * @param maps of good images, blurred as they are scored; each is the values of one image
 * @throws if there is no map, or a value is not finite
 */
export function termScale(maps: readonly Float32Array[]): TermScale {
  if (maps.length === 0) throw new Error('termScale: needs the map of at least one good image, got none');
  const broken = maps.findIndex((map) => map.length === 0 || !map.every(Number.isFinite));
  if (broken >= 0) throw new Error(`termScale: needs finite values, got others in map ${broken}`);
  const location = median(maps.map((map) => median(map)));
  const largest = maps.map((map) => map.reduce((a, b) => Math.max(a, b)));
  return { location, scale: median(largest) - location };
}

function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
