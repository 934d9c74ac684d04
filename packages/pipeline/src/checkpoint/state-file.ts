import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSafetensors, readSafetensorsMetadata, type StateDict, writeSafetensors } from '@ddad/weights';
import type { z } from 'zod';
import { writeAtomic } from '../io/write-atomic.js';
import { UserError } from '../user-error.js';

/** What a run saves to go on from: groups of tensors, and facts about them. */
export interface SavedState<S> {
  groups: Record<string, StateDict>;
  state: S;
}

/**
 * Writes `<name>.safetensors`. The facts are in the header of the tensors' file, so that one rename makes both of the
 * same moment; `<name>.json` repeats them for people, and for whoever needs them alone.
 */
export async function writeStateFile(
  folder: string,
  name: string,
  { groups, state }: SavedState<object>,
): Promise<void> {
  const tensors: StateDict = new Map();
  for (const [group, stateDict] of Object.entries(groups)) {
    for (const [key, tensor] of stateDict) tensors.set(`${group}.${key}`, tensor);
  }
  const bytes = writeSafetensors(tensors, { state: JSON.stringify(state) });
  await writeAtomic(join(folder, `${name}.safetensors`), bytes);
  await writeAtomic(join(folder, `${name}.json`), `${JSON.stringify(state, null, 2)}\n`);
}

/**
 * Reads what {@link writeStateFile} wrote; undefined where there is none.
 *
 * @throws {UserError} damaged or unreadable; `remedy` ends the message
 */
export async function readStateFile<S>(
  folder: string,
  name: string,
  { schema, remedy }: { schema: z.ZodType<S>; remedy: string },
): Promise<SavedState<S> | undefined> {
  const path = join(folder, `${name}.safetensors`);
  const bytes = await readIfPresent(path);
  if (!bytes) return undefined;
  try {
    const state = schema.parse(JSON.parse(readSafetensorsMetadata(bytes).state));
    const groups: Record<string, StateDict> = {};
    for (const [key, tensor] of readSafetensors(bytes)) {
      const dot = key.indexOf('.');
      groups[key.slice(0, dot)] ??= new Map();
      groups[key.slice(0, dot)].set(key.slice(dot + 1), tensor);
    }
    return { groups, state };
  } catch (error) {
    throw new UserError(`${path} is damaged; ${remedy}`, { cause: error });
  }
}

/**
 * Reads the facts alone, from `<name>.json`; undefined where there is none.
 *
 * @throws {UserError} damaged or unreadable; `remedy` ends the message
 */
export async function readStateFacts<S>(
  folder: string,
  name: string,
  { schema, remedy }: { schema: z.ZodType<S>; remedy: string },
): Promise<S | undefined> {
  const path = join(folder, `${name}.json`);
  const bytes = await readIfPresent(path);
  if (!bytes) return undefined;
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw new UserError(`${path} is damaged; ${remedy}`, { cause: error });
  }
}

async function readIfPresent(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UserError(`cannot read ${path}: ${message}`, { cause: error });
  }
}
