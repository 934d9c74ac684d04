import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest as DetectorManifest, manifestName, parseManifest, UserError } from '@ddad/detector';
import { type Config, configSchema } from '../config/schema.js';
import { writeAtomic } from '../io/write-atomic.js';

/** A detector's manifest, of a data set that can be opened here. */
export type Manifest = DetectorManifest & { config: Config };

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeAtomic(join(folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * Reads `detector.json`.
 *
 * @throws {UserError} missing, or not a manifest this version reads
 */
export async function readManifest(folder: string): Promise<Manifest> {
  if (typeof folder !== 'string') {
    throw new UserError(`needs the path of a trained detector's folder as text, got ${String(folder)}`, {
      code: 'option',
    });
  }
  const path = join(folder, manifestName);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      throw new UserError(`cannot read ${path}: ${message}`, { code: 'detector', cause });
    }
    throw new UserError(`there is no trained detector in ${folder} (${manifestName} is missing)`, {
      code: 'detector',
      remedy: '`run` makes one, `adapt` from a trained UNet',
      cause,
    });
  }
  const manifest = parseManifest(text, path);
  const { success, data } = configSchema.safeParse(manifest.config);
  if (success) return { ...manifest, config: data };
  throw new UserError(
    `${path}: config.data.kind: no layout of data sets is named '${manifest.config.data.kind}'`,
    {
      code: 'detector',
      remedy: 'it is from another release of ddad',
    },
  );
}

/** {@link readManifest}; undefined where there is none that can be read, which `onBroken` is told the reason of. */
export async function findManifest(
  folder: string,
  onBroken?: (reason: string) => void,
): Promise<Manifest | undefined> {
  try {
    return await readManifest(folder);
  } catch (error) {
    if (!UserError.isInstance(error)) throw error;
    const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') onBroken?.(error.reason);
    return undefined;
  }
}
