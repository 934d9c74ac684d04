import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** How pip is called, the first that is there. */
const pips = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']] as const;

export interface CallPipOptions {
  /** Begins the message of an error. */
  doing: string;
  /** Why somebody who has no Python needs it. */
  because?: string;
  /** A Python to call instead of the first there is. */
  python?: string;
  signal?: AbortSignal;
}

/**
 * Calls the user's own pip, the first that is there, which knows the registry that it is set up for.
 *
 * @throws Error what pip says last; there is none; the signal aborts
 */
export async function callPip(
  args: readonly string[],
  { doing, because = 'the file is a Python wheel', python, signal }: CallPipOptions,
): Promise<void> {
  const tries = python ? [[python, '-m', 'pip'] as const] : pips;
  for (const [command, ...first] of tries) {
    try {
      await execute(command, [...first, ...args], { signal, maxBuffer: 1 << 26 });
      return;
    } catch (cause) {
      signal?.throwIfAborted();
      const { code, stderr = '', message } = cause as Failure;
      if (code === 'ENOENT' || stderr.includes('No module named pip')) continue;
      throw new Error(`${doing}: ${reasonIn(stderr) ?? message}`, { cause });
    }
  }
  const tried = tries.map((pip) => pip.join(' ')).join(', ');
  throw new Error(`there is no pip (${tried}): ${because}; install Python with pip`);
}

/**
 * Fetches one file of a Python project into a folder; nothing is installed and none of its code runs.
 *
 * @returns the names of the files that are in the folder then
 * @throws Error as {@link callPip}
 */
export async function pipDownload(
  requirement: string,
  folder: string,
  options: Omit<CallPipOptions, 'doing'> = {},
): Promise<string[]> {
  const flags = ['--no-deps', '--only-binary=:all:', '--no-input', '--disable-pip-version-check', '--quiet'];
  await callPip(['download', ...flags, '--dest', folder, requirement], {
    ...options,
    doing: `pip download ${requirement}`,
  });
  return readdir(folder);
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
