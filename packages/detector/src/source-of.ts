import { UserError } from './errors.js';
import { fileSource } from './file-source.js';
import { type Manifest, manifestName, parseManifest } from './manifest.js';
import { type FileSource, pathIn } from './url-source.js';

/** Where the files of a detector come from: a folder, an address, or a source itself. */
export function sourceOf(who: string, place: string | URL | FileSource): FileSource {
  if (typeof place === 'string' || place instanceof URL) return fileSource(place);
  if (typeof place?.read === 'function') return place;
  throw new UserError(
    `${who}: needs a folder, an address or { name, read(name) }, got ${JSON.stringify(place)}`,
    { code: 'option' },
  );
}

/**
 * The manifest of a detector.
 *
 * @throws {UserError} there is none, or not one that this version reads
 */
export async function manifestIn(source: FileSource): Promise<Manifest> {
  const bytes = await readManifestBytes(source);
  return parseManifest(new TextDecoder().decode(bytes), pathIn(source, manifestName));
}

async function readManifestBytes(source: FileSource): Promise<Uint8Array> {
  try {
    return await source.read(manifestName);
  } catch (cause) {
    throw new UserError(`there is no trained detector in ${source.name} (${manifestName} cannot be read)`, {
      code: 'detector',
      remedy: '`run` makes one',
      cause,
    });
  }
}
