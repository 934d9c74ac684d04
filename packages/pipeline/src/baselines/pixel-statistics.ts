/** Mean and standard deviation of each value of an image over the good training images. */
export interface PixelStatistics {
  mean: Float32Array;
  std: Float32Array;
}

/**
 * Per-pixel statistics of good images: the simplest model of "normal", a baseline to beat.
 *
 * @param images equally large images of interleaved bytes, at least two
 */
export function pixelStatistics(images: readonly Uint8Array[]): PixelStatistics {
  const n = images.length;
  if (n < 2) throw new Error(`pixelStatistics: needs at least 2 images, got ${n}`);
  const size = images[0].length;
  const mean = new Float64Array(size);
  const squares = new Float64Array(size);
  // Welford's update: exact for constant pixels, where a difference of sums would not be.
  images.forEach((image, k) => {
    if (image.length !== size) {
      throw new Error(`pixelStatistics: needs images of ${size} bytes, got ${image.length} for image ${k}`);
    }
    for (let i = 0; i < size; i++) {
      const delta = image[i] - mean[i];
      mean[i] += delta / (k + 1);
      squares[i] += delta * (image[i] - mean[i]);
    }
  });
  return { mean: Float32Array.from(mean), std: Float32Array.from(squares, (s) => Math.sqrt(s / (n - 1))) };
}

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
