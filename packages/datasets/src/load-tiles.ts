import { availableParallelism } from 'node:os';
import { assertSize, type Tile } from '@ddad/images';
import { checkOptions } from '@ddad/options';
import { loadEach } from './load-each.js';
import type { LoadImagesOptions } from './load-images.js';

export interface LoadTilesOptions extends Omit<LoadImagesOptions, 'fit'> {}

/** Tiles of pictures, all in memory. */
export interface TileStore<T> {
  /** The pictures that were loaded, in the order given. */
  samples: T[];
  /** Of picture i, the bytes of each of its tiles: `height * width * channels`. */
  tiles: Uint8Array[][];
  /** What `skipBad` left out, and why. */
  skipped: { sample: T; reason: string }[];
}

/**
 * Decodes pictures in worker threads, one after another in each, and keeps tiles of them, resized: `loadImages` for what
 * `tileGrid` of @ddad/images cuts.
 *
 * @throws as `loadImages`
 */
export async function loadTiles<T extends { imagePath: string; tiles: readonly Tile[] }>(
  samples: readonly T[],
  options: LoadTilesOptions,
): Promise<TileStore<T>> {
  checkOptions('loadTiles', options, {
    ...{ size: true, workers: true, worker: true, cacheDir: true, skipBad: true, onProgress: true },
    ...{ signal: true, channels: true, method: true, maxPixels: true, window: true },
  });
  const { size, channels = 3, method = 'bilinear', maxPixels, window, skipBad = false, ...rest } = options;
  const { workers = Math.min(availableParallelism(), Math.ceil(samples.length / 4)) } = options;
  assertSize('loadTiles', size);
  if (samples.length === 0) throw new Error('loadTiles: no samples were given');
  const length = size[0] * size[1] * channels;
  const tiles: Uint8Array[][] = samples.map(() => []);
  const { reasons } = await loadEach(
    samples.map(({ imagePath, tiles }) => ({ path: imagePath, tiles, length: length * tiles.length })),
    {
      ...{ who: 'loadTiles', ...rest, skipBad, workers },
      loading: { size, channels, method, maxPixels, window },
      take: (i, bytes) => {
        tiles[i] = samples[i]!.tiles.map(
          (_, at) => new Uint8Array(bytes.buffer, bytes.byteOffset + at * length, length),
        );
      },
    },
  );
  const kept = [...samples.keys()].filter((i) => !reasons.has(i));
  if (kept.length === 0) {
    throw new Error(
      `loadTiles: none of ${samples.length} images could be read; the first: ${reasons.get(0)}`,
    );
  }
  return {
    samples: kept.map((i) => samples[i]!),
    tiles: kept.map((i) => tiles[i]!),
    skipped: [...reasons].sort(([a], [b]) => a - b).map(([i, reason]) => ({ sample: samples[i]!, reason })),
  };
}
