import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '@ddad/files';
import { type DownloadOptions, downloadFile } from './download-file.js';

/** Torchvision's ImageNet weights, V1; the names end in the first 8 hex digits of the files' SHA-256. */
const files = {
  resnet18: 'resnet18-f37072fd.pth',
  resnet34: 'resnet34-b627a593.pth',
  resnet50: 'resnet50-0676ba61.pth',
  resnet101: 'resnet101-63fe2227.pth',
  wide_resnet50_2: 'wide_resnet50_2-95faca4d.pth',
  wide_resnet101_2: 'wide_resnet101_2-32ee1156.pth',
} as const;

/** Models with ImageNet weights, by torchvision's names. */
export type PretrainedName = keyof typeof files;

export interface PretrainedOptions extends Pick<DownloadOptions, 'onProgress' | 'signal'> {
  /**
   * Folder that keeps the files.
   *
   * @default `$DDAD_CACHE`, else `.cache/ddad` in the user's home
   */
  cacheDir?: string;
  /**
   * Where the files are downloaded from, for mirrors.
   *
   * @default 'https://download.pytorch.org/models'
   */
  baseUrl?: string;
}

/**
 * Path of torchvision's official ImageNet weights (V1), downloaded once into a cache: resumed where an earlier
 * download broke off, and checked against the hash in the file's name. Read it with `readStateDict`.
 *
 * Needs a file system (Node).
 *
 * @throws Error where the name is unknown or the download fails.
 */
export async function pretrainedPath(
  name: PretrainedName,
  { cacheDir, baseUrl = 'https://download.pytorch.org/models', onProgress, signal }: PretrainedOptions = {},
): Promise<string> {
  if (!Object.hasOwn(files, name)) {
    throw new Error(`pretrainedPath: needs one of ${Object.keys(files).join(', ')}, got ${name}`);
  }
  const folder = cacheDir ?? process.env.DDAD_CACHE ?? join(homedir(), '.cache', 'ddad');
  const path = join(folder, files[name]);
  const isCached = await access(path).then(
    () => true,
    () => false,
  );
  if (isCached) return path;
  await makeFolder(folder);
  const url = `${baseUrl}/${files[name]}`;
  const sha256 = files[name].slice(-12, -4);
  try {
    await downloadFile(url, path, { sha256, onProgress, signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new Error(
      `pretrainedPath: cannot get the weights of ${name} (${(cause as Error).message}). Where there is no ` +
        `network, put ${files[name]} into ${folder} or give the path of a weights file`,
      { cause },
    );
  }
  return path;
}
