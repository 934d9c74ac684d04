import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '@ddad/detector';
import { replaceFile } from '@ddad/files';

/** Lists what was put beside ONNX Runtime's library, for it to be taken away again. */
const listName = 'ddad-added.json';

/** Notes files before they are there, so that a kill leaves none that nobody knows of. */
export function noteFiles(folder: string, files: readonly string[]): Promise<void> {
  return replaceFile(join(folder, listName), `${JSON.stringify({ files }, null, 2)}\n`);
}

/**
 * Removes the files that were noted; none where nothing was.
 *
 * @returns their paths
 * @throws {UserError} the list is damaged
 */
export async function removeNoted(folder: string): Promise<string[]> {
  const list = join(folder, listName);
  let text: string;
  try {
    text = await readFile(list, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  let files: string[];
  try {
    ({ files } = JSON.parse(text) as { files: string[] });
    if (!files.every((name) => name === basename(name))) throw new Error('it names files elsewhere');
  } catch (cause) {
    throw new UserError(`${list} is damaged`, {
      code: 'engine',
      remedy: 'run: npm rebuild onnxruntime-node',
      cause,
    });
  }
  const paths = files.map((name) => join(folder, name));
  for (const path of [...paths, list]) await rm(path, { force: true });
  return paths;
}
