import { availableParallelism } from 'node:os';
import { assertFitOptions, assertSize, type ReadImageOptions } from '@ddad/images';
import { checkOptions } from '@ddad/options';
import { loadEach } from './load-each.js';

export interface LoadImagesOptions extends ReadImageOptions {
  /** `[height, width]` of every image, in pixels. */
  size: readonly [number, number];
  /** Threads that decode; 0 decodes in the calling thread. @default the processor's cores, at most one per 8 images */
  workers?: number;
  /**
   * Address of `@ddad/datasets/decode-worker`, for bundles that have it elsewhere.
   * @default beside this module
   */
  worker?: URL | string;
  /** Folder that keeps the resized bytes for the next time. @default none */
  cacheDir?: string;
  /** Leave out files that cannot be read or decoded and list them in `skipped`. @default false */
  skipBad?: boolean;
  onProgress?: (progress: { done: number; total: number; path: string }) => void;
  signal?: AbortSignal;
}

/** Resized images, all in memory. */
export interface ImageStore<T> {
  /** What was loaded, in the order given; image i belongs to `samples[i]`. */
  samples: T[];
  size: readonly [number, number];
  channels: number;
  /** `[n, height, width, channels]` bytes. */
  data: Uint8Array;
  /** Image i, a view. */
  get(i: number): Uint8Array;
  /** The images of these indices one after another, a copy: `[indices.length, height, width, channels]`. */
  batch(indices: ArrayLike<number>): Uint8Array;
  /** What `skipBad` left out, and why. */
  skipped: { sample: T; reason: string }[];
  /** How many images came from `cacheDir`. */
  fromCache: number;
}

/**
 * Decodes and resizes the images of `samples` in worker threads and keeps the bytes, in memory and on disk.
 *
 * The result does not depend on the number of workers or the state of the cache.
 *
 * @throws on the first file that cannot be read (its message names it), unless `skipBad`; if no image is left;
 * the signal's reason if aborted
 */
export async function loadImages<T extends { imagePath: string }>(
  samples: readonly T[],
  options: LoadImagesOptions,
): Promise<ImageStore<T>> {
  checkOptions('loadImages', options, {
    size: true,
    workers: true,
    worker: true,
    cacheDir: true,
    skipBad: true,
    onProgress: true,
    signal: true,
    channels: true,
    fit: true,
    method: true,
    maxPixels: true,
    window: true,
  });
  const { size, worker, cacheDir, skipBad = false, onProgress, signal } = options;
  const { channels = 3, fit = 'stretch', method = 'bilinear', maxPixels, window } = options;
  const { workers = Math.min(availableParallelism(), Math.ceil(samples.length / 8)) } = options;
  assertSize('loadImages', size);
  assertFitOptions('loadImages', options);
  if (!Number.isInteger(workers) || workers < 0) {
    throw new Error(`loadImages: workers must be 0 or more, got ${workers}`);
  }
  if (samples.length === 0) throw new Error('loadImages: no samples were given');
  const length = size[0] * size[1] * channels;
  const data = new Uint8Array(samples.length * length);
  const { reasons, fromCache } = await loadEach(
    samples.map(({ imagePath }) => ({ path: imagePath, length })),
    {
      ...{ who: 'loadImages', workers, worker, cacheDir, skipBad, onProgress, signal },
      loading: { size, channels, fit, method, maxPixels, window },
      take: (i, bytes) => data.set(bytes, i * length),
    },
  );
  if (reasons.size === samples.length) {
    throw new Error(
      `loadImages: none of ${samples.length} images could be read; the first: ${reasons.get(0)}`,
    );
  }
  return store(samples, data, reasons, { size, channels, fromCache });
}

function store<T>(
  samples: readonly T[],
  all: Uint8Array,
  reasons: Map<number, string>,
  rest: { size: readonly [number, number]; channels: number; fromCache: number },
): ImageStore<T> {
  const length = rest.size[0] * rest.size[1] * rest.channels;
  const kept = [...samples.keys()].filter((i) => !reasons.has(i));
  for (const [to, from] of kept.entries()) {
    if (to !== from) all.copyWithin(to * length, from * length, (from + 1) * length);
  }
  const data = all.subarray(0, kept.length * length);
  const get = (i: number) => {
    if (!Number.isInteger(i) || i < 0 || i >= kept.length) {
      throw new Error(`ImageStore: there are images 0 to ${kept.length - 1}, not ${i}`);
    }
    return data.subarray(i * length, (i + 1) * length);
  };
  return {
    ...rest,
    samples: kept.map((i) => samples[i]!),
    data,
    get,
    batch(indices) {
      const result = new Uint8Array(indices.length * length);
      for (let k = 0; k < indices.length; k++) result.set(get(indices[k]!), k * length);
      return result;
    },
    skipped: [...reasons].sort(([a], [b]) => a - b).map(([i, reason]) => ({ sample: samples[i]!, reason })),
  };
}
