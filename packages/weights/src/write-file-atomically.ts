/**
 * Writes a file so that at any moment, a power cut included, `path` is the old file or the whole new one:
 * temporary name beside it, fsync, rename.
 *
 * Needs a file system (Node).
 */
export async function writeFileAtomically(path: string, contents: Uint8Array | string): Promise<void> {
  const { open, rename, rm } = await import('node:fs/promises');
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(contents);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
