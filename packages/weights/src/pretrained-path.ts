import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '@ddad/files';
import { type DownloadOptions, downloadFile } from './download-file.js';
import { hashFile } from './hash-file.js';

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
 * Path of torchvision's official ImageNet weights (V1): in the cache, else in PyTorch's own cache
 * (`$TORCH_HOME/hub/checkpoints`, by default `~/.cache/torch/hub/checkpoints`) if its hash is the one in the file's name,
 * else downloaded into the cache: resumed where an earlier download broke off, and checked against that hash. Read it
 * with `readStateDict`.
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
  const file = files[name];
  const sha256 = file.slice(-12, -4);
  const folder = cacheDir ?? process.env.DDAD_CACHE ?? join(homedir(), '.cache', 'ddad');
  const path = join(folder, file);
  if (existsSync(path)) return path;
  const torch = join(torchCheckpoints(), file);
  const isTorch = existsSync(torch);
  if (isTorch && (await hashFile(torch)).startsWith(sha256)) return torch;
  await makeFolder(folder);
  try {
    await downloadFile(`${baseUrl}/${file}`, path, { sha256, onProgress, signal });
  } catch (cause) {
    signal?.throwIfAborted();
    const passedOver = isTorch ? `; ${torch} is damaged: its sha256 does not begin with ${sha256}` : '';
    throw new Error(
      `pretrainedPath: cannot get the weights of ${name} (${(cause as Error).message}${passedOver}). Where there is ` +
        `no network, put ${file} into ${folder} or give the path of a weights file`,
      { cause },
    );
  }
  return path;
}

/** Where torch.hub keeps what torchvision downloads. */
function torchCheckpoints(): string {
  const { TORCH_HOME, XDG_CACHE_HOME } = process.env;
  const home = TORCH_HOME || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'torch');
  return join(home, 'hub', 'checkpoints');
}
