import { UserError } from '@ddad/detector';
import { acquireLock, type FolderLock, LockedError } from '@ddad/files';

/**
 * Takes a folder of verdicts for this process alone.
 *
 * @throws {UserError} another process has it
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  try {
    return await acquireLock(folder);
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    const { reason, remedy } = error;
    throw new UserError(reason, { code: 'locked', remedy, cause: error });
  }
}
