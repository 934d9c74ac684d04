import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it. Node's own recursive `mkdir` never returns where the file system answers ENOENT
 * to a new name in a folder that is there, as /proc does.
 */
export async function makeFolder(path: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await mkdir(path);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
      const parent = dirname(path);
      if (code !== 'ENOENT' || parent === path || attempt > 0) throw error;
      if (!existsSync(parent)) await makeFolder(parent);
    }
  }
}
