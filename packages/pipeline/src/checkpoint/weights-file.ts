import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Pretrained, pretrainedSchema, UserError, type WeightsFile } from '@ddad/detector';
import { readSafetensorsMetadata, type StateDict, writeSafetensors } from '@ddad/weights';
import { sha256 } from '../io/sha256.js';
import { writeAtomic } from '../io/write-atomic.js';
import { adaptedEpoch } from './adaptation-state.js';
import { trainedEpoch } from './training-state.js';

export type Network = 'unet' | 'features';

/** A weights file on disk, read. */
export interface FoundWeights {
  file: WeightsFile;
  path: string;
  bytes: Uint8Array;
}

export interface WeightsToWrite {
  stateDict: StateDict;
  architecture: Record<string, unknown>;
  /** What an extractor was adapted from. */
  pretrained?: Pretrained;
}

/** Writes `<network>-<epoch>.safetensors`, with the architecture, and what an extractor came from, in its header. */
export async function writeWeights(
  folder: string,
  network: Network,
  epoch: number,
  { stateDict, architecture, pretrained }: WeightsToWrite,
): Promise<WeightsFile> {
  const bytes = writeSafetensors(stateDict, {
    architecture: JSON.stringify(architecture),
    epoch: `${epoch}`,
    ...(pretrained && { pretrained: JSON.stringify(pretrained) }),
  });
  const path = join(folder, `${network}-${epoch}.safetensors`);
  await writeAtomic(path, bytes);
  return weightsFile(path, bytes, epoch);
}

/** @throws {UserError} the file's header is damaged */
function weightsFile(path: string, bytes: Uint8Array, epoch: number): WeightsFile {
  const own = { file: basename(path), sha256: sha256(bytes), epoch };
  if (!path.endsWith('.safetensors')) return own;
  try {
    const { pretrained } = readSafetensorsMetadata(bytes);
    if (pretrained === undefined) return own;
    return { ...own, pretrained: pretrainedSchema.parse(JSON.parse(pretrained)) };
  } catch (cause) {
    throw new UserError(`${path}: ${(cause as Error).message}`, { code: 'weights', cause });
  }
}

/** How the files of a network are named: ours, and the DDAD reference's (PyTorch, without extension). */
const patterns: Record<Network, readonly RegExp[]> = {
  unet: [/^unet-(\d+)\.safetensors$/, /^(\d+)$/],
  features: [/^features-(\d+)\.safetensors$/, /^feat(\d+)$/],
};

/** A network's files in `folder` by epoch, ascending; ours before the reference's. */
async function filesIn(folder: string, network: Network): Promise<Map<number, string>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: [number, string][] = [];
  for (const pattern of patterns[network]) {
    for (const entry of entries) {
      const epoch = entry.isFile() ? pattern.exec(entry.name)?.[1] : undefined;
      if (epoch !== undefined && !found.some(([other]) => other === Number(epoch))) {
        found.push([Number(epoch), entry.name]);
      }
    }
  }
  return new Map(found.sort(([a], [b]) => a - b));
}

/**
 * The weights of an epoch, or those of the last training's end.
 *
 * @throws {UserError} there is none, or none of that epoch
 */
export async function findWeights(
  folder: string,
  network: Network,
  epoch: number | 'last',
): Promise<FoundWeights> {
  const files = await filesIn(folder, network);
  const epochs = [...files.keys()];
  if (!epochs.length) {
    throw new UserError(`there is no ${network}-<epoch>.safetensors in ${folder}`, {
      code: 'weights',
      remedy: `run \`${network === 'unet' ? 'train' : 'adapt'}\` first`,
    });
  }
  const chosen = epoch === 'last' ? await lastEpoch(folder, network, epochs) : epoch;
  const file = files.get(chosen);
  if (file === undefined) {
    throw new UserError(
      `checkpoint.${network}: needs one of the epochs in ${folder} (${epochs.join(', ')}), got ${chosen}`,
      { code: 'config' },
    );
  }
  const path = join(folder, file);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new UserError(`cannot read ${path} (${(cause as NodeJS.ErrnoException).code})`, {
      code: 'weights',
      cause,
    });
  }
  return { file: weightsFile(path, bytes, chosen), path, bytes };
}

/** Whether there is a file of this network in `folder`. */
export async function hasAnyWeights(folder: string, network: Network): Promise<boolean> {
  return (await filesIn(folder, network)).size > 0;
}

/** Whether there is a file of this network and epoch in `folder`. */
export async function hasWeights(folder: string, network: Network, epoch: number): Promise<boolean> {
  return (await filesIn(folder, network)).has(epoch);
}

/** Files of an earlier and longer run may lie in the same folder: the last is the one that the last run wrote. */
async function lastEpoch(folder: string, network: Network, epochs: readonly number[]): Promise<number> {
  const written = await (network === 'unet' ? trainedEpoch : adaptedEpoch)(folder);
  return written !== undefined && epochs.includes(written) ? written : epochs[epochs.length - 1];
}
