import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Sample } from '../sample.js';

const EXTENSIONS = new Set(['.png', '.jpg', '.jpeg', '.bmp', '.tif', '.tiff']);

/** Whether the name ends as an image's does, in any case; hidden files are none. */
export function isImageName(name: string): boolean {
  return !name.startsWith('.') && EXTENSIONS.has(extname(name).toLowerCase());
}

/** Names of the images directly in `folder`, sorted; none if there is no such folder. */
export async function imagesIn(folder: string): Promise<string[]> {
  return (await entries(folder))
    .filter((entry) => !entry.isDirectory() && isImageName(entry.name))
    .map(nameOf);
}

/** Names of the folders directly in `folder`, sorted, hidden ones left out; none if there is no such folder. */
export async function foldersIn(folder: string): Promise<string[]> {
  const all = await entries(folder);
  const folders = [];
  for (const entry of all) {
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(join(folder, entry.name))))) {
      folders.push(entry.name);
    }
  }
  return folders;
}

/** Paths of all images in `folder` and below, sorted; `except` is left out, as are hidden folders. */
export async function imagesBelow(folder: string, except: readonly string[] = []): Promise<string[]> {
  const paths = (await imagesIn(folder)).map((name) => join(folder, name));
  for (const name of await foldersIn(folder)) {
    const below = join(folder, name);
    if (!except.includes(below)) paths.push(...(await imagesBelow(below, except)));
  }
  return paths;
}

async function entries(folder: string) {
  try {
    return (await readdir(folder, { withFileTypes: true })).sort((a, b) => compare(a.name, b.name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

const nameOf = (entry: { name: string }) => entry.name;

export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** File name without its extension. */
export function stem(name: string): string {
  return name.slice(0, name.length - extname(name).length);
}

/** By UTF-16 code units, the same in every locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `path` relative to `root`, with `/`. */
export function toId(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

export function sortById(samples: Sample[]): Sample[] {
  return samples.sort((a, b) => compare(a.id, b.id));
}

/** Backslashes are taken for separators where the path as given does not exist. */
export function nativePath(path: string): string {
  if (sep === '\\' || !path.includes('\\') || existsSync(path)) return path;
  return path.replaceAll('\\', '/');
}

/** Masks directly in `folder` by the stem of their image: `x.png` and `x_mask.png` both belong to `x.*`. */
export async function masksIn(folder: string): Promise<Map<string, string>> {
  const masks = new Map<string, string>();
  for (const name of await imagesIn(folder)) {
    const key = stem(name);
    const path = join(folder, name);
    if (key.endsWith('_mask')) masks.set(key.slice(0, -'_mask'.length), path);
    else if (!masks.has(key)) masks.set(key, path);
  }
  return masks;
}
