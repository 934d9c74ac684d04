import { join } from 'node:path';
import {
  type Manifest as DetectorManifest,
  type FileSource,
  manifestName,
  openSource,
  parseManifest,
  UserError,
} from '@ddad/detector';
import { type Config, configSchema } from '../config/schema.js';
import { writeAtomic } from '../io/write-atomic.js';

/** A detector's manifest, of a data set that can be opened here. */
export type Manifest = DetectorManifest & { config: Config };

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeAtomic(join(folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** A trained detector that lies in a folder or a bundle. */
export interface StoredDetector {
  manifest: Manifest;
  source: FileSource;
}

/**
 * Opens a trained detector.
 *
 * @param place a folder that has `detector.json`, or the path of a bundle
 * @throws {UserError} missing, or not one that this version reads
 */
export async function openDetector(place: string): Promise<StoredDetector> {
  if (typeof place !== 'string') {
    throw new UserError(
      `needs the path of a trained detector's folder or bundle as text, got ${String(place)}`,
      { code: 'option' },
    );
  }
  const source = await openSource('openDetector', place);
  const path = join(place, manifestName);
  const manifest = parseManifest(new TextDecoder().decode(await readText(source, path)), path);
  const { success, data } = configSchema.safeParse(manifest.config);
  if (success) return { source, manifest: { ...manifest, config: data } };
  throw new UserError(
    `${path}: config.data.kind: no layout of data sets is named '${manifest.config.data.kind}'`,
    {
      code: 'detector',
      remedy: 'it is from another release of ddad',
    },
  );
}

/**
 * Reads `detector.json`.
 *
 * @throws as {@link openDetector}
 */
export async function readManifest(place: string): Promise<Manifest> {
  return (await openDetector(place)).manifest;
}

async function readText(source: FileSource, path: string): Promise<Uint8Array> {
  try {
    return await source.read(manifestName);
  } catch (error) {
    if (UserError.isInstance(error) && error.code === 'detector') throw error;
    const cause = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    if (cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR') {
      throw new UserError(`cannot read ${path}: ${cause.message}`, { code: 'detector', cause });
    }
    throw new UserError(`there is no trained detector in ${source.name} (${manifestName} is missing)`, {
      code: 'detector',
      remedy: '`run` makes one, `adapt` from a trained UNet',
      cause,
    });
  }
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
