import { type FileSource, fetchBytes, namesBundle, urlSource } from './url-source.js';

/** The files below an address; a relative one counts from the page's. */
export function fileSource(place: string | URL): FileSource {
  return urlSource(absolute(place));
}

/** The bytes of the bundle that an address names; undefined where it names a folder. */
export async function bundleAt(place: string | URL): Promise<Uint8Array | undefined> {
  const url = absolute(place);
  return namesBundle(url) ? fetchBytes(url) : undefined;
}

/** The bytes that an address names. */
export function readBytes(place: string | URL): Promise<Uint8Array> {
  return fetchBytes(absolute(place));
}

function absolute(place: string | URL): URL {
  const { location } = globalThis as { location?: { href: string } };
  return new URL(place, location?.href);
}
