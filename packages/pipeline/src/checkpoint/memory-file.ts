import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  filledMemory,
  type MemoryFile,
  parseWeights,
  type TaskOptions,
  type WeightsFile,
} from '@ddad/detector';
import type { Backbone } from '@ddad/features';
import { type LoadedMemory, memoryToState } from '@ddad/scoring';
import { writeSafetensors } from '@ddad/weights';
import type { Config } from '../config/schema.js';
import type { TrainingImages } from '../data/training-images.js';
import { sha256 } from '../io/sha256.js';
import { writeAtomic } from '../io/write-atomic.js';
import { buildMemory, type MemoryImages } from '../memory/build-memory.js';
import { identityOf } from './identity.js';

export interface EnsureMemoryOptions extends TaskOptions {
  config: Config;
  backbone: Backbone;
  /** The extractor's weights. */
  features: WeightsFile;
  images: MemoryImages & Pick<TrainingImages, 'hash'>;
}

/** A memory, ready to be searched and disposed by whoever asked, and its file. */
export interface FoundMemory {
  memory: LoadedMemory;
  file: MemoryFile;
}

/**
 * The memory of these images' features under this configuration: read from `folder`, where it is there, else built and
 * written there. Its file is named by what decides its content.
 */
export async function ensureMemory(
  folder: string,
  { config, backbone, features, images, ...task }: EnsureMemoryOptions,
): Promise<FoundMemory> {
  const identity = { ...identityOf(config, 'memory'), features: features.sha256, images: images.hash };
  const file = `memory-${sha256(JSON.stringify(identity)).slice(0, 12)}.safetensors`;
  return (await readMemory(folder, file)) ?? (await makeMemory());

  async function makeMemory(): Promise<FoundMemory> {
    const built = await buildMemory(images, { ...task, config, backbone });
    await writeAtomic(join(folder, file), writeSafetensors(memoryToState(built)));
    return (await readMemory(folder, file))!;
  }
}

/** Removes the memories in `folder` that its manifest does not name: of other images or settings. */
export async function removeOtherMemories(folder: string, memory: MemoryFile | null): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/^memory-[0-9a-f]+\.safetensors$/.test(name) && name !== memory?.file) {
      await rm(join(folder, name), { force: true });
    }
  }
}

/**
 * The memory in a file of `folder`; undefined where there is none.
 *
 * @throws {UserError} it is damaged
 */
export async function readMemory(folder: string, file: string): Promise<FoundMemory | undefined> {
  const path = join(folder, file);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const stateDict = await parseWeights(bytes, { name: path, architecture: {} });
  return {
    memory: await filledMemory({ name: path, stateDict }),
    file: { file, sha256: sha256(bytes) },
  };
}
