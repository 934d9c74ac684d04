/**
 * Scale of a term's maps on good images: the median over the images of their maxima, which some that are not good hardly
 * move. The largest value of `map / scale` on a typical good image is 1. No location is taken: subtracting a constant
 * from all maps changes no order, and distances stay positive.
 *
 * @param maps of good images, blurred as they are scored; each is the values of one image
 * @throws if there is no map, or a value is not finite
 */
export function termScale(maps: readonly Float32Array[]): number {
  if (maps.length === 0) throw new Error('termScale: needs the map of at least one good image, got none');
  const broken = maps.findIndex((map) => map.length === 0 || !map.every(Number.isFinite));
  if (broken >= 0) throw new Error(`termScale: needs finite values, got others in map ${broken}`);
  const largest = maps.map((map) => map.reduce((a, b) => Math.max(a, b))).sort((a, b) => a - b);
  const middle = largest.length >> 1;
  return largest.length % 2 ? largest[middle] : (largest[middle - 1] + largest[middle]) / 2;
}
