import { writeZip } from '@ddad/weights';
import { checkOptions } from '../check-options.js';
import { manifestName, parseManifest } from '../manifest.js';
import { sha256 } from '../networks/parse-weights.js';
import { type FileSource, pathIn } from '../url-source.js';
import { hashListName, writeHashList } from './hash-list.js';

export interface WriteBundleOptions {
  /** Files that go along, by their names; they are not read when the detector is loaded. @default none */
  extra?: ReadonlyMap<string, Uint8Array>;
}

/**
 * A detector as one file, what `Detector.load` takes: a zip, not compressed, of `detector.json`, the weights it names, and
 * `SHA256SUMS`. Equal files give equal bytes.
 *
 * @param source where the detector lies, see `openSource`
 * @throws {UserError} `detector.json` is missing or no manifest; files are missing
 */
export async function writeBundle(source: FileSource, options: WriteBundleOptions = {}): Promise<Uint8Array> {
  checkOptions('writeBundle', options, { extra: true });
  const { extra = new Map() } = options;
  const text = await source.read(manifestName);
  const { unet, features, memory } = parseManifest(
    new TextDecoder().decode(text),
    pathIn(source, manifestName),
  );
  const files = new Map([[manifestName, text]]);
  for (const each of [unet, features, memory]) {
    if (each) files.set(each.file, await source.read(each.file));
  }
  for (const [name, bytes] of extra) files.set(name, bytes);
  const hashes = new Map<string, string>();
  for (const [name, bytes] of files) hashes.set(name, await sha256(bytes));
  files.set(hashListName, new TextEncoder().encode(writeHashList(hashes)));
  return writeZip(Object.fromEntries(files));
}
