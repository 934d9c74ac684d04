const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'no folder can be made there',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder',
};

/** Why the file system refused to write, in words. */
export function writeReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ''] ?? message;
}

/** The file system refused: `cannot write <path>: <why>`. */
export class WriteError extends Error {
  override name = 'WriteError';
  constructor(path: string, cause: unknown) {
    super(`cannot write ${path}: ${writeReason(cause)}`, { cause });
  }
}

/** A {@link WriteError} where the file system refused; another error is a fault of the program, and stays as it is. */
export function writeError(path: string, error: unknown): unknown {
  return error instanceof Error && 'syscall' in error ? new WriteError(path, error) : error;
}
