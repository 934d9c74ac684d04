import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { checkOptions } from '@ddad/options';
import { reason } from './reason.js';

/** Files of one format that hold pictures and are not read. */
export interface IgnoredFiles {
  /** As people call it: `HEIC`, `GIF`, `ZIP`. */
  format: string;
  paths: string[];
}

export interface WalkedImages {
  /** Paths of the images, sorted. */
  images: string[];
  /** Other files that hold pictures (HEIC, GIF, AVIF, camera raw, videos, archives, ...), the most frequent first. */
  ignored: IgnoredFiles[];
  /** Paths of the folders below that were looked into, sorted. */
  folders: string[];
}

export interface WalkImagesOptions {
  /** Folders to leave out, with everything in them. @default [] */
  except?: readonly string[];
}

/**
 * Lists the images (PNG, JPEG, BMP, TIFF, WebP by their extension, in any case) in `folder` and below.
 *
 * Hidden files and folders and those that systems leave behind (`.DS_Store`, `._x.png`, `__MACOSX`, `@eaDir`) are left
 * out. Symbolic links are followed, but never to a folder above the link or above `folder`, and no folder is looked
 * into twice: of several paths to one folder the real one counts, else the first by name.
 *
 * @param folder paths of the result begin with it
 * @throws if there is no such folder, or a folder cannot be listed; the message names it
 */
export async function walkImages(folder: string, options: WalkImagesOptions = {}): Promise<WalkedImages> {
  checkOptions('walkImages', options, { except: true });
  const { except = [] } = options;
  const images: string[] = [];
  const ignored: string[] = [];
  const folders: string[] = [];
  const visited = new Set((await Promise.all(except.map(realFolder))).filter((real) => real !== undefined));
  const links: { path: string; from: string }[] = [];

  const visit = async (path: string, real: string) => {
    if (visited.has(real)) return;
    visited.add(real);
    if (path !== folder) folders.push(path);
    for (const { name, isFolder, isLink } of await entriesOf(path)) {
      const at = join(path, name);
      if (isFolder && isLink) links.push({ path: at, from: real });
      else if (isFolder) await visit(at, join(real, name));
      else if (isImageName(name)) images.push(at);
      else if (formatOf(name) !== undefined) ignored.push(at);
    }
  };

  const start = await realFolder(folder);
  if (start === undefined) throw new Error(`walkImages: there is no folder ${folder}`);
  await visit(folder, start);
  // Links come after all real folders, those found behind a link at the end.
  const above = links.length > 0 ? await realFoldersAbove(folder) : [];
  for (const { path, from } of links) {
    const real = await realpath(path);
    if (![from, ...above].some((each) => contains(real, each))) await visit(path, real);
  }
  const sorted = (paths: string[]) => paths.sort((a, b) => compare(toPosix(a), toPosix(b)));
  return { images: sorted(images), ignored: byFormat(sorted(ignored)), folders: sorted(folders) };
}

/** A file or folder that is neither hidden nor left behind by a system. */
export interface Entry {
  name: string;
  isFolder: boolean;
  isLink: boolean;
}

/**
 * What is directly in `folder`, sorted by name: files and folders, links by what they lead to. A link to nowhere is a
 * file, so that whoever reads it says so.
 */
export async function entriesOf(folder: string): Promise<Entry[]> {
  let all: Dirent[];
  try {
    all = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw new Error(`cannot list the folder ${folder}: ${reason(error)}`, { cause: error });
  }
  const entries: Entry[] = [];
  for (const entry of all) {
    const { name } = entry;
    if (name.startsWith('.') || LEFT_BEHIND.has(name)) continue;
    const isLink = entry.isSymbolicLink();
    const target = isLink ? await stat(join(folder, name)).catch(() => undefined) : entry;
    const isFolder = target?.isDirectory() ?? false;
    if (isFolder || !target || target.isFile()) entries.push({ name, isFolder, isLink });
  }
  return entries.sort((a, b) => compare(a.name, b.name));
}

const LEFT_BEHIND = new Set(['__MACOSX', '@eaDir', '$RECYCLE.BIN', 'System Volume Information']);

/** Extensions of the formats that are read; other programs go by them, too. */
export const imageExtensions = {
  png: ['.png'],
  jpeg: ['.jpg', '.jpeg'],
  bmp: ['.bmp'],
  tiff: ['.tif', '.tiff'],
  webp: ['.webp'],
} as const;

/** The formats that are read, as a message names them. */
export const imageFormats = 'PNG, JPEG, BMP, TIFF, WebP';

const IMAGES: ReadonlySet<string> = new Set(Object.values(imageExtensions).flat());

/** Whether the name ends as an image's does, in any case; hidden files are none. */
export function isImageName(name: string): boolean {
  return !name.startsWith('.') && IMAGES.has(extname(name).toLowerCase());
}

/** Extensions of files that hold pictures and are not read, by the name of their format. */
const OTHER_FORMATS: Record<string, string> = {
  HEIC: 'heic heif hif',
  AVIF: 'avif',
  GIF: 'gif',
  JFIF: 'jfif jpe',
  'JPEG 2000': 'jp2 j2k jpf jpx jpc',
  'JPEG XL': 'jxl',
  'JPEG XR': 'jxr wdp',
  SVG: 'svg svgz',
  Photoshop: 'psd psb',
  icon: 'ico cur',
  TGA: 'tga',
  PNM: 'pnm pbm pgm ppm pfm',
  PCX: 'pcx',
  DDS: 'dds',
  OpenEXR: 'exr',
  'Radiance HDR': 'hdr',
  DICOM: 'dcm dicom',
  FITS: 'fits fit',
  'camera raw': '3fr arw cr2 cr3 crw dng erf iiq kdc mrw nef nrw orf pef raf raw rw2 srw x3f',
  video: 'avi m4v mkv mov mp4 mpeg mpg webm wmv',
  ZIP: 'zip',
  RAR: 'rar',
  '7z': '7z',
  TAR: 'tar tgz tbz2 txz',
};
const FORMATS = new Map(
  Object.entries(OTHER_FORMATS).flatMap(([format, all]) =>
    all.split(' ').map((extension): [string, string] => [`.${extension}`, format]),
  ),
);

/** The format of a file that holds pictures and is not read; undefined for images that are, and for other files. */
export function formatOf(name: string): string | undefined {
  return /\.tar\.\w+$/i.test(name) ? 'TAR' : FORMATS.get(extname(name).toLowerCase());
}

const ARCHIVES = ['ZIP', 'RAR', '7z', 'TAR'];

/** Whether files of this format have to be unpacked. */
export function isArchive(format: string | undefined): boolean {
  return format !== undefined && ARCHIVES.includes(format);
}

/** `12 HEIC, 1 ZIP (parts.zip)`: single files by name. */
export function describeIgnored(ignored: readonly IgnoredFiles[]): string {
  return ignored
    .map(({ format, paths: [first, ...more] }) =>
      more.length > 0 ? `${more.length + 1} ${format}` : `1 ${format} (${basename(first!)})`,
    )
    .join(', ');
}

/** What to do about files that are not read. */
export function ignoredRemedy(ignored: readonly IgnoredFiles[]): string {
  const archives = ignored.filter(({ format }) => isArchive(format)).length;
  if (archives === ignored.length) return 'Unpack the archives.';
  return `Convert the files to PNG or JPEG${archives > 0 ? ', unpack the archives' : ''}.`;
}

/** Groups paths of files that are not read, the most frequent format first. */
export function byFormat(paths: readonly string[]): IgnoredFiles[] {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const format = formatOf(path)!;
    const group = groups.get(format);
    if (group) group.push(path);
    else groups.set(format, [path]);
  }
  return [...groups]
    .map(([format, all]) => ({ format, paths: all }))
    .sort((a, b) => b.paths.length - a.paths.length || compare(a.format, b.format));
}

async function realFolder(path: string): Promise<string | undefined> {
  try {
    const real = await realpath(path);
    return (await stat(real)).isDirectory() ? real : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Error(`cannot look into ${path}: ${reason(error)}`, { cause: error });
  }
}

/** The real paths of `folder` and of those above it by the path that is given, which may lead through links. */
async function realFoldersAbove(folder: string): Promise<string[]> {
  const paths = [];
  for (let at = resolve(folder); ; at = dirname(at)) {
    paths.push(await realpath(at));
    if (dirname(at) === at) return paths;
  }
}

function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way.split(sep)[0] !== '..';
}

function toPosix(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}

/** By UTF-16 code units, the same in every locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
