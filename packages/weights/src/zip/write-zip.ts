import { zipSync } from 'fflate';

/** A zip file with these entries, stored and not compressed; equal entries in equal order give equal bytes. */
export function writeZip(entries: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return zipSync(entries, { level: 0, mtime: new Date(1980, 0, 1) });
}
