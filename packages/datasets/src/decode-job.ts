import { replaceFile } from '@ddad/files';
import { cutTile, MissingDecoderError, type Tile } from '@ddad/images';
import { type FileFacts, inspectFile } from './inspect-file.js';
import { type LoadImageOptions, loadImage } from './load-image.js';
import { reason } from './reason.js';

export interface LoadJob {
  kind: 'load';
  path: string;
  options: LoadImageOptions;
  /** What is cut out of the image and resized, one after another. @default all of it, once */
  tiles?: readonly Tile[];
  /** Where to keep the decoded bytes. */
  cache?: string;
}

export interface InspectJob {
  kind: 'inspect';
  path: string;
  /** Of a mask: the sample's. */
  maskThreshold?: number;
  /** Of an image. */
  window?: LoadImageOptions['window'];
}

/** `fatal` errors are not the image's fault. */
export interface Failure {
  error: string;
  fatal: boolean;
}

/** What a worker says before its first reply. */
export const READY = 'ready';

export type Job = LoadJob | InspectJob;
export type Reply<J extends Job> =
  | Failure
  | (J extends LoadJob ? { data: Uint8Array } : { facts: FileFacts });

/** Runs a job in this thread: what a worker does with each message. */
export async function runJob<J extends Job>(job: J): Promise<Reply<J>> {
  return (await (job.kind === 'load' ? load(job) : inspect(job))) as Reply<J>;
}

async function load({ path, options, tiles, cache }: LoadJob): Promise<Reply<LoadJob>> {
  let data: Uint8Array;
  try {
    ({ data } = tiles ? await loadParts(path, tiles, options) : await loadImage(path, options));
  } catch (error) {
    return { error: (error as Error).message, fatal: error instanceof MissingDecoderError };
  }
  try {
    if (cache !== undefined) await replaceFile(cache, data);
  } catch (error) {
    return { error: `loadImages: cacheDir: ${(error as Error).message}`, fatal: true };
  }
  return { data };
}

async function loadParts(
  path: string,
  tiles: readonly Tile[],
  { size, channels = 3, method, maxPixels, window }: LoadImageOptions,
): Promise<{ data: Uint8Array }> {
  const pixels = await loadImage(path, { channels, maxPixels, window });
  const parts = tiles.map((tile) => cutTile(pixels, tile, { size, channels, method }).data);
  return { data: concat(parts) };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function inspect({ path, maskThreshold, window }: InspectJob): Promise<Reply<InspectJob>> {
  try {
    return { facts: await inspectFile(path, { maskThreshold, window }) };
  } catch (error) {
    return { error: reason(error), fatal: error instanceof MissingDecoderError };
  }
}
