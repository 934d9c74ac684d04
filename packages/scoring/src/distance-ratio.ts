export interface DistanceMaxima {
  /** Largest D_p of each good image. */
  pixelMaxima: ArrayLike<number>;
  /** Largest D_f of each, in the same order. */
  featureMaxima: ArrayLike<number>;
}

/**
 * The constant that brings D_p to the scale of D_f: the median over good images of max D_f / max D_p.
 *
 * It is what {@link calibrate} returns as `ratio`, needed before the scores it takes can be computed. Images
 * whose largest D_p is 0 say nothing about it and are left out; 0 where that is every image.
 */
export function distanceRatio({ pixelMaxima, featureMaxima }: DistanceMaxima): number {
  const count = pixelMaxima.length;
  if (count === 0 || featureMaxima.length !== count) {
    throw new Error(
      `distanceRatio: needs one pixel and one feature maximum per image, got ${count} and ${featureMaxima.length}`,
    );
  }
  const ratios: number[] = [];
  for (let i = 0; i < count; i++) {
    check('pixelMaxima', i, pixelMaxima[i]);
    check('featureMaxima', i, featureMaxima[i]);
    if (pixelMaxima[i] > 0) ratios.push(featureMaxima[i] / pixelMaxima[i]);
  }
  return ratios.length === 0 ? 0 : median(ratios);
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function check(name: string, index: number, value: number): void {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new Error(`distanceRatio: ${name} must be finite numbers >= 0, got ${value} at index ${index}`);
  }
}
