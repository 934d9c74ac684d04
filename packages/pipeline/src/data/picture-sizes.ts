import { open } from 'node:fs/promises';
import { readHeader } from '@ddad/images';

/** Bytes that hold the header of most files. */
const head = 65_536;

/** At most so many files are looked into. */
const most = 200;

/** Sizes of images, upright, by their headers; of many images some, spread evenly. Files without a header are left out. */
export async function pictureSizes(
  paths: readonly string[],
): Promise<{ width: number; height: number; count: number }[]> {
  const step = Math.max(1, paths.length / most);
  const chosen = Array.from({ length: Math.min(paths.length, most) }, (_, i) => paths[Math.floor(i * step)]!);
  const sizes = new Map<string, { width: number; height: number; count: number }>();
  for (const path of chosen) {
    const size = await sizeOf(path);
    if (!size) continue;
    const key = `${size.width}x${size.height}`;
    const same = sizes.get(key);
    if (same) same.count++;
    else sizes.set(key, { ...size, count: 1 });
  }
  return [...sizes.values()].sort((a, b) => b.count - a.count);
}

async function sizeOf(path: string): Promise<{ width: number; height: number } | undefined> {
  const file = await open(path).catch(() => undefined);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    // A TIFF may have its header at its end.
    for (const length of [Math.min(size, head), size]) {
      const bytes = new Uint8Array(length);
      await file.read(bytes, 0, length, 0);
      try {
        const { width, height, orientation } = readHeader(bytes);
        return orientation > 4 ? { width: height, height: width } : { width, height };
      } catch {
        // the whole file, or whoever decodes it says what is wrong
      }
    }
    return undefined;
  } finally {
    await file.close();
  }
}
