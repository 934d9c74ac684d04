import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@ddad/detector';
import { readSafetensors, readSafetensorsMetadata, type StateDict, writeSafetensors } from '@ddad/weights';
import type { z } from 'zod';
import { writeAtomic } from '../io/write-atomic.js';

/** What a run saves to go on from: groups of tensors, and facts about them. */
export interface SavedState<S> {
  groups: Record<string, StateDict>;
  state: S;
}

/**
 * Writes `<name>.safetensors`. The facts are in the header of the tensors' file, so that one rename makes both of the
 * same moment; `<name>.json` repeats them for people.
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
  await writeAtomic(join(folder, `${name}.json`), forPeople(state));
}

const forPeople = (state: object): string => `${JSON.stringify(state, null, 2)}\n`;

/**
 * Reads what {@link writeStateFile} wrote; undefined where there is none. Where the writing ended between the two files,
 * the second is written now.
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
  let saved: SavedState<S>;
  let text: string;
  try {
    const facts = JSON.parse(readSafetensorsMetadata(bytes).state);
    const state = schema.parse(facts);
    const groups: Record<string, StateDict> = {};
    for (const [key, tensor] of readSafetensors(bytes)) {
      const dot = key.indexOf('.');
      groups[key.slice(0, dot)] ??= new Map();
      groups[key.slice(0, dot)].set(key.slice(dot + 1), tensor);
    }
    saved = { groups, state };
    text = forPeople(facts);
  } catch (error) {
    throw new UserError(`${path} is damaged`, { code: 'training', remedy, cause: error });
  }
  const copy = join(folder, `${name}.json`);
  const there = await readIfPresent(copy);
  if (!there || new TextDecoder().decode(there) !== text) await writeAtomic(copy, text);
  return saved;
}

/**
 * Reads the facts alone; undefined where there are none.
 *
 * @throws {UserError} damaged or unreadable; `remedy` ends the message
 */
export async function readStateFacts<S>(
  folder: string,
  name: string,
  { schema, remedy }: { schema: z.ZodType<S>; remedy: string },
): Promise<S | undefined> {
  const path = join(folder, `${name}.safetensors`);
  const header = await readIfPresent(path, readHeader);
  if (!header) return undefined;
  try {
    return schema.parse(JSON.parse(readSafetensorsMetadata(header).state));
  } catch (error) {
    throw new UserError(`${path} is damaged`, { code: 'training', remedy, cause: error });
  }
}

/** A safetensors file as far as its header goes; all of it where it is no such file. */
async function readHeader(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const length = new DataView(new ArrayBuffer(8));
    await file.read(length, { length: 8, position: 0 });
    const bytes = new Uint8Array(Math.min(size, 8 + Number(length.getBigUint64(0, true))));
    await file.read(bytes, { position: 0 });
    return bytes;
  } finally {
    await file.close();
  }
}

async function readIfPresent(
  path: string,
  read: (path: string) => Promise<Uint8Array> = readFile,
): Promise<Uint8Array | undefined> {
  try {
    return await read(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UserError(`cannot read ${path}: ${message}`, { code: 'training', cause: error });
  }
}
