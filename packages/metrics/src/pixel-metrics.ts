import { checkOptions } from '@ddad/options';
import { auproFold, checkLimit } from './aupro.js';
import { aurocFold } from './auroc.js';
import { averagePrecisionFold } from './average-precision.js';
import { type F1Max, f1MaxFold } from './f1-max.js';
import { addImage, checkCounts, checkImages, countsOf, emptyStore } from './pixel-store.js';
import { Spill } from './spill.js';
import { stepsOf } from './steps.js';

/** Options of {@link PixelMetrics}. */
export interface PixelMetricsOptions {
  /**
   * Directory for the scores of sets that do not fit into memory (Node 20.16 or later). They are kept in a folder
   * of their own there, until {@link PixelMetrics.dispose}.
   * @default none: the scores are kept in memory
   */
  spill?: string;
}

/** What {@link PixelMetrics.compute} returns: the values of the functions of the same names. */
export interface PixelMetricsResult {
  auroc: number;
  averagePrecision: number;
  f1Max: F1Max;
  aupro: number;
  /** AUPRO up to each of the limits asked for, in their order. */
  aupros: number[];
}

/** Options of {@link PixelMetrics.compute}. */
export interface PixelMetricsComputeOptions {
  /** Largest false positive rate of `aupro`, in (0, 1]. @default 0.3 */
  limit?: number;
  /** Those of `aupros`, e.g. the 0.05 of MVTec AD 2; they cost next to nothing. @default none */
  limits?: readonly number[];
}

/**
 * Pixel metrics of a set of images, added one by one. The numbers are exactly those of {@link auroc},
 * {@link averagePrecision}, {@link f1Max} and {@link aupro} over the whole set, whatever the order of images and
 * merges. Being exact it keeps every score: 4 bytes for a normal pixel and 8 for a defect pixel, or 8 and 12 for
 * scores that float32 does not hold. `compute` takes two to three times that more for a moment; it sorts once for
 * all metrics. With `spill` those bytes are on disk and memory stays at some 300 MB.
 */
export class PixelMetrics {
  readonly #store = emptyStore();
  readonly #spill: Spill | undefined;

  /** @throws if `spill` is given outside Node, or names a directory that cannot be made */
  constructor(options: PixelMetricsOptions = {}) {
    checkOptions('PixelMetrics', options, { spill: true });
    const { spill } = options;
    if (spill !== undefined) this.#spill = new Spill(spill);
  }

  /**
   * Adds an image. Its arrays are not kept.
   * @param mask [h * w] row-major; non-zero = defect
   * @param map [h * w] anomaly map, finite, higher = more anomalous
   * @param options.shape [height, width] in pixels; images may differ in size
   * @returns this
   * @throws if sizes differ or a value is not a number or not finite; the set is then as before
   */
  add(mask: ArrayLike<number>, map: ArrayLike<number>, options: { shape: readonly [number, number] }): this {
    checkOptions('PixelMetrics.add', options, { shape: true });
    const { shape } = options;
    checkImages('PixelMetrics.add', mask, map, shape, ['height', 'width']);
    addImage(this.#store, 'PixelMetrics.add', mask, map, { shape });
    this.#spill?.take(this.#store);
    return this;
  }

  /**
   * Adds all images of another set, which stays as it is. Files of the other set are copied; a set in memory reads
   * them into memory.
   * @returns this
   */
  merge(other: PixelMetrics): this {
    for (const kind of ['positives', 'sizes', 'negatives'] as const) {
      const own: unknown[] = this.#store[kind];
      for (const chunk of [...other.#store[kind]]) own.push(chunk);
    }
    this.#store.regions += other.#store.regions;
    if (other.#spill && this.#spill) this.#spill.takeFrom(other.#spill);
    else other.#spill?.copyTo(this.#store);
    this.#spill?.take(this.#store);
    return this;
  }

  /**
   * The metrics of all images so far. More may be added afterwards.
   * @throws if there is no image, no defect region or no normal pixel, or a limit is out of range
   */
  compute(options: PixelMetricsComputeOptions = {}): PixelMetricsResult {
    checkOptions('PixelMetrics.compute', options, { limit: true, limits: true });
    const { limit = 0.3, limits = [] } = options;
    for (const each of [limit, ...limits]) checkLimit('PixelMetrics.compute', each);
    this.#spill?.take(this.#store, { all: true });
    checkCounts('PixelMetrics.compute', this.#spill?.counts ?? countsOf(this.#store));
    const { regions } = this.#store;
    const folds = {
      auroc: aurocFold(),
      averagePrecision: averagePrecisionFold(),
      f1Max: f1MaxFold(),
      aupro: auproFold({ regions, limit }),
    };
    const further = limits.map((each) => auproFold({ regions, limit: each }));
    for (const steps of this.#spill?.steps() ?? [stepsOf(this.#store)]) {
      for (const fold of [...Object.values(folds), ...further]) fold.add(steps);
    }
    return {
      auroc: folds.auroc.result(),
      averagePrecision: folds.averagePrecision.result(),
      f1Max: folds.f1Max.result(),
      aupro: folds.aupro.result(),
      aupros: further.map((fold) => fold.result()),
    };
  }

  /** Removes the files of a set with `spill`; the set must not be used afterwards. Does nothing without. */
  dispose(): void {
    this.#spill?.dispose();
  }
}
