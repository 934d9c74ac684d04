import { open } from 'node:fs/promises';
import { readHeader } from '@ddad/images';

/** Bytes that hold the header of most files. */
const head = 65_536;

/** Size of an image, upright; undefined where no header can be read. */
export async function sizeOf(path: string): Promise<{ width: number; height: number } | undefined> {
  const header = await headerOf(path);
  if (!header) return undefined;
  const { width, height, orientation } = header;
  return orientation > 4 ? { width: height, height: width } : { width, height };
}

/** Header of an image file; undefined where none can be read. */
export async function headerOf(path: string): Promise<ReturnType<typeof readHeader> | undefined> {
  const file = await open(path).catch(() => undefined);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    // A TIFF may have its header at its end.
    for (const length of [Math.min(size, head), size]) {
      const bytes = new Uint8Array(length);
      await file.read(bytes, 0, length, 0);
      try {
        return readHeader(bytes);
      } catch {
        // the whole file, or whoever decodes it says what is wrong
      }
    }
    return undefined;
  } finally {
    await file.close();
  }
}
