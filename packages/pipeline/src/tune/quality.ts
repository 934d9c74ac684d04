import { auroc } from '@ddad/metrics';
import { randomIntegers } from '@ddad/nn';

/** How well defects are found and placed: one value for each defective image, 0 to 1. */
export interface Quality {
  /** Share of the good images with a lower score: their mean is the image AUROC. */
  found: number[];
  /** Pixel AUROC within the image; NaN where the mask has no pixel, or no other. */
  placed: number[];
}

/** How much better one is than another. */
export interface Gain {
  /** Mean over the images. */
  mean: number;
  /** Ends of the 90 % interval of a paired bootstrap over the defective images. */
  low: number;
  high: number;
}

/**
 * @param good scores of good images
 * @param defective score, map and mask of each image with a defect
 */
export function qualityOf(
  good: readonly number[],
  defective: readonly { score: number; map: Float32Array; mask: Uint8Array }[],
): Quality {
  return {
    found: defective.map(
      ({ score }) =>
        good.reduce((sum, other) => sum + (other < score ? 1 : other === score ? 0.5 : 0), 0) / good.length,
    ),
    placed: defective.map(({ map, mask }) =>
      mask.includes(1) && mask.includes(0) ? auroc(mask, map) : Number.NaN,
    ),
  };
}

/** The mean of finding and placing, for each image. */
export function perImage({ found, placed }: Quality): number[] {
  return found.map((value, i) => (Number.isNaN(placed[i]) ? value : (value + placed[i]) / 2));
}

/** The mean of the values there are. */
export function mean(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((a, b) => a + b, 0) / known.length;
}

const resamples = 1000;

/** How much better `quality` is than `present`, of the same images. */
export function gainOf(quality: Quality, present: Quality, { seed }: { seed: number }): Gain {
  const before = perImage(present);
  const differences = perImage(quality).map((value, i) => value - before[i]);
  const count = differences.length;
  const drawn = randomIntegers(seed, resamples * count, count);
  const means = new Float64Array(resamples);
  for (let r = 0, at = 0; r < resamples; r++) {
    for (let i = 0; i < count; i++, at++) means[r] += differences[drawn[at]] / count;
  }
  means.sort();
  return {
    mean: mean(differences),
    low: means[Math.floor(0.05 * (resamples - 1))],
    high: means[Math.ceil(0.95 * (resamples - 1))],
  };
}
