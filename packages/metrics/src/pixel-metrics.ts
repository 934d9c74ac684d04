import { auproOf, checkLimit } from './aupro.js';
import { aurocOf } from './auroc.js';
import { averagePrecisionOf } from './average-precision.js';
import { type F1Max, f1MaxOf } from './f1-max.js';
import { addImage, checkImages, checkStore, emptyStore } from './pixel-store.js';
import { stepsOf } from './steps.js';

/** What {@link PixelMetrics.compute} returns: the values of the functions of the same names. */
export interface PixelMetricsResult {
  auroc: number;
  averagePrecision: number;
  f1Max: F1Max;
  aupro: number;
}

/**
 * Pixel metrics of a set of images, added one by one. The numbers are exactly those of {@link auroc},
 * {@link averagePrecision}, {@link f1Max} and {@link aupro} over the whole set, whatever the order of images and
 * merges. Being exact it keeps every score: 4 bytes for a normal pixel and 8 for a defect pixel, or 8 and 12 for
 * scores that float32 does not hold. `compute` takes two to three times that more for a moment; it sorts once for all metrics.
 */
export class PixelMetrics {
  readonly #store = emptyStore();

  /**
   * Adds an image. Its arrays are not kept.
   * @param mask [h * w] row-major; non-zero = defect
   * @param map [h * w] anomaly map, finite, higher = more anomalous
   * @param options.shape [height, width] in pixels; images may differ in size
   * @returns this
   * @throws if sizes differ or a map value is not finite; the set is then as before
   */
  add(
    mask: ArrayLike<number>,
    map: ArrayLike<number>,
    { shape }: { shape: readonly [number, number] },
  ): this {
    checkImages('PixelMetrics.add', mask, map, shape);
    addImage(this.#store, 'PixelMetrics.add', mask, map, { shape });
    return this;
  }

  /**
   * Adds all images of another set, which stays as it is.
   * @returns this
   */
  merge(other: PixelMetrics): this {
    const { positives, sizes, negatives, regions } = other.#store;
    this.#store.positives.push(...positives);
    this.#store.sizes.push(...sizes);
    this.#store.negatives.push(...negatives);
    this.#store.regions += regions;
    return this;
  }

  /**
   * The metrics of all images so far. More may be added afterwards.
   * @param options.limit largest false positive rate of AUPRO, in (0, 1]. @default 0.3
   * @throws if there is no image, no defect region or no normal pixel
   */
  compute({ limit = 0.3 }: { limit?: number } = {}): PixelMetricsResult {
    checkLimit('PixelMetrics.compute', limit);
    checkStore('PixelMetrics.compute', this.#store);
    const steps = stepsOf(this.#store);
    return {
      auroc: aurocOf(steps),
      averagePrecision: averagePrecisionOf(steps),
      f1Max: f1MaxOf(steps),
      aupro: auproOf(steps, this.#store.regions, limit),
    };
  }
}
