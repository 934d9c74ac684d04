import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Sample } from '../sample.js';
import { compare, entriesOf, isImageName, walkImages } from '../walk-images.js';

/** Names of the images directly in `folder`, sorted; none if there is no such folder. */
export async function imagesIn(folder: string): Promise<string[]> {
  if (!(await isFolder(folder))) return [];
  return (await entriesOf(folder))
    .filter(({ name, isFolder }) => !isFolder && isImageName(name))
    .map(({ name }) => name);
}

/** Names of the folders directly in `folder`, sorted, hidden ones left out; none if there is no such folder. */
export async function foldersIn(folder: string): Promise<string[]> {
  if (!(await isFolder(folder))) return [];
  return (await entriesOf(folder)).filter(({ isFolder }) => isFolder).map(({ name }) => name);
}

/** Paths of all images in `folder` and below, as {@link walkImages} lists them; none if there is no such folder. */
export async function imagesBelow(folder: string, except: readonly string[] = []): Promise<string[]> {
  return (await isFolder(folder)) ? (await walkImages(folder, { except })).images : [];
}

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

/** Whether two names are the same for a reader: composed and decomposed letters (macOS writes these) are one. */
export function sameName(a: string, b: string): boolean {
  return a.normalize('NFC') === b.normalize('NFC');
}

/** `<folder>/<path>`, each part under the name it has on disk, be it composed or decomposed. */
export async function pathBelow(folder: string, path: string): Promise<string> {
  let at = folder;
  for (const part of nativePath(path).split(/[/\\]/)) {
    const direct = join(at, part);
    if (existsSync(direct)) at = direct;
    else at = join(at, (await foldersIn(at)).find((name) => sameName(name, part)) ?? part);
  }
  return at;
}
