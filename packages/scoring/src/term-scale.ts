/**
 * Scale of a term's maps on good images: the median over the images of how far their largest value lies above their
 * median, which some that are not good hardly move; where that is 0, the median of the largest values. No location is
 * taken: subtracting a constant from all maps changes no order, and distances stay positive.
 *
 * @param maps of good images, blurred as they are scored; each is the values of one image
 * @throws if there is no map, or a value is not finite
 */
export function termScale(maps: readonly Float32Array[]): number {
  if (maps.length === 0) throw new Error('termScale: needs the map of at least one good image, got none');
  const broken = maps.findIndex((map) => map.length === 0 || !map.every(Number.isFinite));
  if (broken >= 0) throw new Error(`termScale: needs finite values, got others in map ${broken}`);
  const largest = maps.map((map) => map.reduce((a, b) => Math.max(a, b)));
  return median(maps.map((map, i) => largest[i] - median(map))) || median(largest);
}

function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
