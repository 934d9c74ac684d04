import { type Archive, openZip } from '@ddad/weights';
import { asUserError } from '../as-user-error.js';
import { UserError } from '../errors.js';
import { sha256 } from '../networks/parse-weights.js';
import { type FileSource, pathIn } from '../url-source.js';
import { hashListName, parseHashList } from './hash-list.js';

const remedy = 'export or fetch it again';

/**
 * The files of a bundle that `writeBundle` made. Each is compared with its hash when it is read: what was damaged is found;
 * a bundle of somebody who alters the hashes too is not.
 *
 * @param name opens error messages: its path or address
 * @throws {UserError} no bundle, damaged, made to do harm (names that leave it, contents that unfold without end), with
 *   files that its `SHA256SUMS` does not have, or without some that it has
 */
export async function bundleSource(bytes: Uint8Array, name: string): Promise<FileSource> {
  const refused = { code: 'detector', prefix: `${name} is no detector that can be read: ` } as const;
  const archive = await asUserError(() => openZip(bytes, { who: 'as a zip' }), refused);
  if (!archive.names.includes(hashListName)) {
    throw new UserError(`${name} is no detector: it has no ${hashListName}`, { code: 'detector', remedy });
  }
  const hashes = await asUserError(
    () => parseHashList(new TextDecoder().decode(archive.read(hashListName))),
    refused,
  );
  compareNames(archive, hashes, name);
  return {
    name,
    async read(file) {
      const hash = hashes.get(file);
      if (hash === undefined) throw new UserError(`${name} has no ${file}`, { code: 'detector', remedy });
      const contents = await asUserError(() => archive.read(file), refused);
      if ((await sha256(contents)) === hash) return contents;
      throw new UserError(
        `${pathIn({ name }, file)} is not the file that ${hashListName} was written for (its sha256 differs)`,
        { code: 'detector', remedy },
      );
    },
  };
}

function compareNames({ names }: Archive, hashes: ReadonlyMap<string, string>, name: string): void {
  const files = names.filter((each) => each !== hashListName);
  const unlisted = files.find((each) => !hashes.has(each));
  if (unlisted !== undefined) {
    throw new UserError(`${name} has ${JSON.stringify(unlisted)}, of which ${hashListName} knows nothing`, {
      code: 'detector',
      remedy,
    });
  }
  const missing = [...hashes.keys()].find((each) => !files.includes(each));
  if (missing !== undefined) throw new UserError(`${name} lacks ${missing}`, { code: 'detector', remedy });
}
