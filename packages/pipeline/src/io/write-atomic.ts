import { existsSync } from 'node:fs';
import { open, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '@ddad/detector';
import { makeFolder, replaceFile, WriteError, writeError } from '@ddad/files';

/**
 * Writes a file so that a kill at any moment leaves the old one or the new one. Folders on the way are made.
 *
 * @throws {UserError} if it cannot be written
 */
export async function writeAtomic(path: string, data: string | Uint8Array): Promise<void> {
  try {
    await replaceFile(path, data);
  } catch (error) {
    throw withRemedy(error);
  }
}

/**
 * Tries to write into `folder`, so that a long run does not find out at its end. A folder that was not there is not left.
 *
 * @throws {UserError} if it cannot be written
 */
export async function checkWritable(folder: string): Promise<void> {
  const probe = join(folder, `.ddad-${process.pid}.tmp`);
  const missing = missingFolders(folder);
  try {
    await makeFolder(folder);
    await (await open(probe, 'w')).close();
    await rm(probe);
    await removeEmpty(missing);
  } catch (error) {
    await removeEmpty(missing);
    throw withRemedy(writeError(folder, error));
  }
}

function withRemedy(error: unknown): unknown {
  if (!(error instanceof WriteError)) return error;
  const { message, cause } = error;
  return new UserError(message, { code: 'output', remedy: 'choose another output folder', cause });
}

/** `folder` and those above it that are not there, the deepest first. */
export function missingFolders(folder: string): string[] {
  const missing: string[] = [];
  for (let at = resolve(folder); !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.push(at);
  return missing;
}

/** Removes folders that are empty, the deepest first; others, and those that are gone, stay as they are. */
export async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    try {
      await rmdir(folder);
    } catch {
      // something lies in it, or it was never made
      return;
    }
  }
}
