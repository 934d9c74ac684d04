import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '@ddad/detector';
import { openZip } from '@ddad/weights';
import { unpackTarSync } from './unpack-tar.js';

/** What an archive may unfold to: so many times its bytes and a mebibyte more, as for `openZip`. */
const expansion = 16;

/** Files and folders in an archive at most. */
const maxEntries = 2_000_000;

/** Whether a path is that of an archive that is read: `.zip`, `.tar`, `.tar.gz`, `.tgz`. */
export function isArchiveName(path: string): boolean {
  return /\.(zip|tar|tgz|tar\.gz)$/i.test(path);
}

/**
 * The folder with the contents of an archive; of anything else its path as it is. What was unpacked is kept in the cache
 * (`$DDAD_CACHE`, else `.cache/ddad` in the user's home) as long as the archive has the same size and time.
 *
 * @throws {UserError} it is not there, damaged, or hostile: a path that leads outside, a link, more bytes than such an archive
 *   of images has; nothing of it is kept then
 */
export function archiveFolder(path: string, onNotice?: (message: string) => void): string {
  if (!isArchiveName(path)) return path;
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return path;
  if (!stats) throw new UserError(`there is no file ${path}`, { code: 'data' });
  const key = JSON.stringify([resolve(path), stats.size, stats.mtimeMs]);
  const name = createHash('sha256').update(key).digest('hex').slice(0, 16);
  const folder = join(process.env.DDAD_CACHE ?? join(homedir(), '.cache', 'ddad'), 'archives', name);
  if (existsSync(folder)) return folder;
  onNotice?.(`unpacking ${path} to ${folder}`);
  const scratch = `${folder}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    mkdirSync(scratch, { recursive: true });
    if (/\.zip$/i.test(path)) unpackZip(path, scratch);
    else unpackTarSync(path, scratch, { maxBytes: expansion * stats.size + 2 ** 20, maxEntries });
    renameSync(scratch, folder);
  } catch (error) {
    // another process was faster
    if (!existsSync(folder)) {
      throw new UserError(`cannot unpack ${path}: ${(error as Error).message}`, {
        code: 'data',
        remedy: 'pack it anew, or give the folder that it was made from',
        cause: error,
      });
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return folder;
}

function unpackZip(path: string, folder: string): void {
  const { names, read } = openZip(readFileSync(path), { who: path });
  for (const name of names) {
    if (name.endsWith('/')) continue;
    const at = join(folder, name);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, read(name), { flag: 'wx' });
  }
}
