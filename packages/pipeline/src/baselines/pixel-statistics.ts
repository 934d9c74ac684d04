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
