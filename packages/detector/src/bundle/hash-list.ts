/** Name of the file in a bundle that has the hashes of all others, as `sha256sum` writes and checks it. */
export const hashListName = 'SHA256SUMS';

/** A line for each file: hash, two spaces, name. */
export function writeHashList(hashes: ReadonlyMap<string, string>): string {
  return [...hashes].map(([name, hash]) => `${hash}  ${name}\n`).join('');
}

/**
 * The hashes, hexadecimal, by the names of the files.
 *
 * @throws a line that is no hash and name, or a name that comes twice
 */
export function parseHashList(text: string): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const [, hash, name] = /^([0-9a-f]{64}) [ *]([^/\\]+)$/.exec(line) ?? [];
    if (!name || hashes.has(name)) {
      throw new Error(
        `${hashListName}: line ${i + 1} needs a SHA-256 and a name of its own, got ${JSON.stringify(line.slice(0, 80))}`,
      );
    }
    hashes.set(name, hash);
  }
  return hashes;
}
