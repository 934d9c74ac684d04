import { bundleSource } from './bundle/bundle-source.js';
import { UserError } from './errors.js';
import { bundleAt, fileSource } from './file-source.js';
import type { FileSource } from './url-source.js';

/** Where a detector lies: see {@link openSource}. */
export type DetectorPlace = string | URL | Uint8Array | Blob | FileSource;

/**
 * The files of a detector.
 *
 * @param who opens error messages
 * @param place a folder; a bundle (`.ddad`) as a path, its bytes or a Blob; an address (`http:`, `file:`) of a bundle, whose
 *   path ends in `.ddad`, or one that has the files of a folder below; or anything that gives the bytes of a file by its
 *   name. In a browser a string is an address
 * @throws {UserError} a bundle that cannot be read, see `bundleSource`
 */
export async function openSource(who: string, place: DetectorPlace): Promise<FileSource> {
  if (place instanceof Uint8Array) return bundleSource(place, 'the bundle given as bytes');
  if (place instanceof Blob) {
    const { name = 'the bundle given as a Blob' } = place as { name?: string };
    return bundleSource(new Uint8Array(await place.arrayBuffer()), name);
  }
  if (typeof place === 'string' || place instanceof URL) {
    const bytes = await bundleAt(place);
    return bytes ? bundleSource(bytes, String(place)) : fileSource(place);
  }
  if (typeof place?.read === 'function') return place;
  throw new UserError(
    `${who}: needs a folder, a bundle, an address or { name, read(name) }, got ${JSON.stringify(place)}`,
    { code: 'option' },
  );
}
