import { checkOptions } from '@ddad/options';

/** Options of {@link goodPixelThreshold}. */
export interface GoodPixelThresholdOptions {
  /** Standard deviations above the mean. @default 3 */
  deviations?: number;
}

/**
 * A threshold for the pixels of anomaly maps, from good images alone: the mean of all their pixels and three of their standard
 * deviations, as MVTec AD 2's baselines take it from its validation images (arXiv 2503.21622).
 * @param maps anomaly maps of good images, finite; taken one after the other, of any sizes; none is kept
 * @throws if there is no pixel, a value is not finite, or `deviations` is not a finite number
 */
export function goodPixelThreshold(
  maps: Iterable<ArrayLike<number>>,
  options: GoodPixelThresholdOptions = {},
): number {
  checkOptions('goodPixelThreshold', options, { deviations: true });
  const { deviations = 3 } = options;
  if (!Number.isFinite(deviations)) {
    throw new Error(`goodPixelThreshold: deviations must be a finite number, got ${deviations}`);
  }
  let [count, mean, squares, image] = [0, 0, 0, 0];
  for (const map of maps) {
    for (let i = 0; i < map.length; i++) {
      const value = map[i];
      if (!Number.isFinite(value)) {
        throw new Error(
          `goodPixelThreshold: maps must be finite, got ${value} at pixel ${i} of image ${image}`,
        );
      }
      // Welford's: sums of squares cancel where the spread is small beside the mean
      const apart = value - mean;
      mean += apart / ++count;
      squares += apart * (value - mean);
    }
    image++;
  }
  if (count === 0) throw new Error(`goodPixelThreshold: needs at least one pixel, got ${image} maps`);
  return mean + deviations * Math.sqrt(squares / count);
}
