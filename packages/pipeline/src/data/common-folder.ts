import { join, sep } from 'node:path';

/** The deepest folder that holds all of them. */
export function commonFolder(folders: readonly string[]): string {
  const [first, ...others] = folders.map((folder) => folder.split(sep));
  let length = first!.length;
  for (const parts of others) {
    let same = 0;
    while (same < length && parts[same] === first![same]) same++;
    length = same;
  }
  return join(first!.slice(0, length).join(sep), sep);
}
