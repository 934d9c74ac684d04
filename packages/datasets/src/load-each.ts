import type { Tile } from '@ddad/images';
import type { LoadJob } from './decode-job.js';
import { openDecodePool } from './decode-pool.js';
import { cachePath, openCache, readCached } from './image-cache.js';

/** A file to load. */
export interface LoadedFile {
  path: string;
  /** Bytes that it gives. */
  length: number;
  /** What is cut out of it, one after another. @default all of it, once */
  tiles?: readonly Tile[];
}

export interface LoadEachOptions {
  /** Opens the messages of errors. */
  who: string;
  loading: LoadJob['options'];
  workers: number;
  worker?: URL | string;
  cacheDir?: string;
  skipBad: boolean;
  onProgress?: (progress: { done: number; total: number; path: string }) => void;
  signal?: AbortSignal;
  /** Is given the bytes of file i, in any order. */
  take: (i: number, bytes: Uint8Array) => void;
}

/**
 * Decodes files in worker threads, or takes what the cache has of them.
 *
 * @returns of files that `skipBad` left out the reasons, by their place
 * @throws on the first file that cannot be read, unless `skipBad`; the signal's reason if aborted
 */
export async function loadEach(
  files: readonly LoadedFile[],
  { who, loading, workers, worker, cacheDir, skipBad, onProgress, signal, take }: LoadEachOptions,
): Promise<{ reasons: Map<number, string>; fromCache: number }> {
  if (cacheDir !== undefined) await openCache(cacheDir);
  const reasons = new Map<number, string>();
  const pool = openDecodePool(workers, { who, worker });
  let taken = 0;
  let done = 0;
  let fromCache = 0;

  const one = async (i: number) => {
    const { path, length, tiles } = files[i]!;
    const cache = cacheDir === undefined ? undefined : await cachePath(cacheDir, path, { ...loading, tiles });
    const cached = cache === undefined ? undefined : await readCached(cache, length);
    if (cached) {
      fromCache++;
      take(i, cached);
      return;
    }
    const reply = await pool.run({ kind: 'load', path, options: loading, tiles, cache });
    if ('data' in reply) take(i, reply.data);
    else if (skipBad && !reply.fatal) reasons.set(i, reply.error);
    else throw new Error(reply.error);
  };
  const lane = async () => {
    while (taken < files.length) {
      signal?.throwIfAborted();
      const i = taken++;
      await one(i);
      onProgress?.({ done: ++done, total: files.length, path: files[i]!.path });
    }
  };
  try {
    // More lanes than threads, so that reading the cache overlaps and no thread waits for its next job.
    await Promise.all(Array.from({ length: Math.min(files.length, Math.max(2 * workers, 1)) }, lane));
  } finally {
    taken = files.length;
    await pool.close();
  }
  return { reasons, fromCache };
}
