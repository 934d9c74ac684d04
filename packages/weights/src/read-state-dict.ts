import { readFile } from 'node:fs/promises';
import { readSafetensors } from './read-safetensors.js';
import { type ReadTorchOptions, readTorch } from './read-torch.js';
import type { StateDict } from './state-dict.js';
import { torchFormat } from './torch/load.js';

/**
 * The tensors of a file, safetensors or PyTorch; told apart by content, not by the extension (the reference's
 * checkpoints have none).
 *
 * Needs a file system (Node); in a browser give the bytes to `readSafetensors` or `readTorch`.
 *
 * @throws Error naming the file where it cannot be read or is neither.
 */
export async function readStateDict(path: string, options: ReadTorchOptions = {}): Promise<StateDict> {
  try {
    const bytes = await readFile(path);
    if (torchFormat(bytes)) return readTorch(bytes, options);
    if (bytes[8] === 0x7b) return readSafetensors(bytes, options);
  } catch (cause) {
    throw new Error(`readStateDict: ${path}: ${(cause as Error).message}`, { cause });
  }
  throw new Error(
    `readStateDict: ${path} is neither safetensors nor a file of torch.save; if it was downloaded, fetch it again`,
  );
}
