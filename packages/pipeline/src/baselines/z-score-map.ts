import type { PixelStatistics } from './pixel-statistics.js';

/**
 * How far an image lies from the statistics: |value - mean| / std, mean over the channels.
 *
 * @param options.channels values per pixel
 * @param options.minStd smallest standard deviation counted, in gray levels @default 1
 * @returns one z-score per pixel
 */
export function zScoreMap(
  image: Uint8Array,
  { mean, std }: PixelStatistics,
  { channels, minStd = 1 }: { channels: number; minStd?: number },
): Float32Array {
  if (image.length !== mean.length) {
    throw new Error(`zScoreMap: needs an image of ${mean.length} bytes, got ${image.length}`);
  }
  const map = new Float32Array(image.length / channels);
  for (let p = 0; p < map.length; p++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) {
      const i = p * channels + c;
      sum += Math.abs(image[i] - mean[i]) / Math.max(std[i], minStd);
    }
    map[p] = sum / channels;
  }
  return map;
}
