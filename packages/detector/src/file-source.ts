import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from './errors.js';
import { type FileSource, fetchBytes, namesBundle, urlSource } from './url-source.js';

/** The files of a folder, or of those below an address: `file:`, `http:` or `https:`. */
export function fileSource(place: string | URL): FileSource {
  const url = asUrl(place);
  if (url && url.protocol !== 'file:') return urlSource(url);
  const folder = url ? fileURLToPath(url) : String(place);
  return { name: folder, read: (name) => readBytes(join(folder, name)) };
}

/** The bytes of the bundle that a path or an address names; undefined where it names a folder, or nothing. */
export async function bundleAt(place: string | URL): Promise<Uint8Array | undefined> {
  const url = asUrl(place);
  if (url && url.protocol !== 'file:') return namesBundle(url) ? fetchBytes(url) : undefined;
  const path = url ? fileURLToPath(url) : String(place);
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() ? readPath(path) : undefined;
}

/** The bytes that a path or an address names. */
export function readBytes(place: string | URL): Promise<Uint8Array> {
  const url = asUrl(place);
  if (url && url.protocol !== 'file:') return fetchBytes(url);
  return readPath(url ? fileURLToPath(url) : String(place));
}

async function readPath(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new UserError(`cannot read ${path}: ${reasons[code] ?? message}`, { code: 'data', cause: error });
  }
}

/** A drive's letter is no scheme. */
function asUrl(place: string | URL): URL | undefined {
  if (place instanceof URL) return place;
  return /^(file|https?):/i.test(place) ? new URL(place) : undefined;
}

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
};
