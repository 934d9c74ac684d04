import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolder, writeReason } from '@ddad/files';
import type { Tile } from '@ddad/images';
import type { LoadImageOptions } from './load-image.js';

/** Raised when the same file and options give other bytes than before. */
const VERSION = 2;

/**
 * Where the decoded bytes of an image are kept: named by a hash of its path, its size in bytes, its modification
 * time and all options. Undefined if the file cannot be looked at; loading it will say why.
 */
export async function cachePath(
  cacheDir: string,
  path: string,
  options: LoadImageOptions & { tiles?: readonly Tile[] },
): Promise<string | undefined> {
  let bytes: number;
  let modified: number;
  try {
    ({ size: bytes, mtimeMs: modified } = await stat(path));
  } catch {
    return undefined;
  }
  const { size, channels, fit, method, maxPixels, tiles, window } = options;
  const key = JSON.stringify([
    VERSION,
    resolve(path),
    bytes,
    modified,
    size,
    channels,
    fit,
    method,
    maxPixels,
    ...(tiles || window ? [{ tiles, window }] : []),
  ]);
  const name = createHash('sha256').update(key).digest('hex');
  return join(cacheDir, name.slice(0, 2), `${name.slice(2)}.bin`);
}

/** Makes the folder; @throws if that cannot be. */
export async function openCache(cacheDir: string): Promise<void> {
  try {
    await makeFolder(cacheDir);
  } catch (error) {
    throw new Error(`loadImages: cacheDir: cannot make ${cacheDir}: ${writeReason(error)}`, { cause: error });
  }
}

/** The cached bytes, if they are there and as many as they must be. */
export async function readCached(path: string, length: number): Promise<Uint8Array | undefined> {
  try {
    const bytes = await readFile(path);
    return bytes.length === length ? bytes : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
