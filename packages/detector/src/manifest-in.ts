import { UserError } from './errors.js';
import { type Manifest, manifestName, parseManifest } from './manifest.js';
import { type FileSource, pathIn } from './url-source.js';

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
    // a bundle that is damaged
    if (UserError.isInstance(cause) && cause.code === 'detector') throw cause;
    throw new UserError(`there is no trained detector in ${source.name} (${manifestName} cannot be read)`, {
      code: 'detector',
      remedy: '`run` makes one',
      cause,
    });
  }
}
