import { join } from 'node:path';
import { foldersIn, isFolder, pathBelow } from './files.js';

/** `<root>/<category>`, or an error that names the categories there: the folders that contain `marker`. */
export async function categoryFolder(
  root: string,
  category: string | undefined,
  marker: string,
): Promise<string> {
  if (category !== undefined) {
    const folder = await pathBelow(root, category);
    if (await isFolder(join(folder, marker))) return folder;
  }
  const there = await categoriesIn(root, marker);
  const found =
    there.length > 0 ? `there are: ${there.join(', ')}` : `no folder there has a '${marker}' folder`;
  if (category === undefined) throw new Error(`openDataset: needs a category of ${root}; ${found}`);
  throw new Error(`openDataset: no category '${category}' in ${root}; ${found}`);
}

/** Names of the folders in `root` that contain the folder `marker`. */
export async function categoriesIn(root: string, marker: string): Promise<string[]> {
  const names = [];
  for (const name of await foldersIn(root)) if (await isFolder(join(root, name, marker))) names.push(name);
  return names;
}
