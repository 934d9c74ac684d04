import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { checkOptions } from '@ddad/options';
import { hashFile } from './hash-file.js';

export interface DownloadProgress {
  /** Bytes on disk, those of an earlier interrupted attempt included. */
  receivedBytes: number;
  /** Size of the file, undefined where the server does not say. */
  totalBytes?: number;
}

export interface DownloadOptions {
  /** The file's SHA-256 in hexadecimal, whole or its first digits. */
  sha256: string;
  /** Called after every piece that arrived. */
  onProgress?: (progress: DownloadProgress) => void;
  /** Aborts the download; what has arrived is kept and the next call goes on from there. */
  signal?: AbortSignal;
}

/**
 * Downloads a file, checks it and only then gives it its name. Bytes arrive in `<path>.part`; a call that finds
 * one goes on where it ends. A connection that breaks is taken up again; an attempt that brings nothing is repeated
 * after 1, 2 and 4 seconds, if bytes have arrived before.
 *
 * Needs a file system (Node). The folder of `path` must exist. One download of a path at a time.
 *
 * @throws Error where the server cannot be reached or refuses, the signal aborts, or the hash differs (the bytes
 * are removed then).
 */
export async function downloadFile(url: string, path: string, options: DownloadOptions): Promise<void> {
  checkOptions('downloadFile', options, { sha256: true, onProgress: true, signal: true });
  const { sha256, onProgress, signal } = options;
  const part = `${path}.part`;
  let size = await sizeOf(part);
  let fruitless = 0;
  for (let complete = false; !complete; ) {
    try {
      complete = await fetchRest(url, part, { onProgress, signal });
    } catch (cause) {
      signal?.throwIfAborted();
      const before = size;
      size = await sizeOf(part);
      fruitless = size > before ? 0 : fruitless + 1;
      if (cause instanceof Refusal || size === 0 || fruitless > 3) throw failure(url, cause as Error);
      if (fruitless > 0) await setTimeout(500 * 2 ** fruitless, undefined, { signal });
    }
  }
  const actual = await hashFile(part);
  if (!actual.startsWith(sha256.toLowerCase())) {
    await rm(part);
    throw new Error(
      `downloadFile: ${url} has sha256 ${actual}, expected ${sha256}; what arrived was removed, try again`,
    );
  }
  await rename(part, path);
}

/** An answer of the server that a second attempt would not change. */
class Refusal extends Error {}

function failure(url: string, cause: Error): Error {
  const reason = cause.cause instanceof Error ? `${cause.message}: ${cause.cause.message}` : cause.message;
  return new Error(`downloadFile: ${url}: ${reason}`, { cause });
}

async function fetchRest(
  url: string,
  part: string,
  { onProgress, signal }: Pick<DownloadOptions, 'onProgress' | 'signal'>,
): Promise<boolean> {
  const start = await sizeOf(part);
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (start > 0) headers.range = `bytes=${start}-`;
  const response = await fetch(url, { headers, signal });
  const range = response.headers.get('content-range') ?? '';
  if (response.status === 416 && start > 0) {
    await response.body?.cancel();
    if (Number(range.split('/')[1]) === start) return true;
    await rm(part);
    return false;
  }
  if (!response.ok || !response.body) throw new Refusal(`the server answers ${response.status}`);

  const resumes = response.status === 206 && range.startsWith(`bytes ${start}-`);
  if (response.status === 206 && !resumes) throw new Refusal(`the server answers with the range "${range}"`);
  let receivedBytes = resumes ? start : 0;
  const length = response.headers.get('content-length');
  const totalBytes = length === null ? undefined : receivedBytes + Number(length);
  const file = await open(part, resumes ? 'a' : 'w');
  try {
    for await (const piece of response.body) {
      await writeAll(file, piece);
      receivedBytes += piece.length;
      onProgress?.({ receivedBytes, totalBytes });
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return true;
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    written += (await file.write(bytes, written)).bytesWritten;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
