import { sizeOf } from './header-of-file.js';

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
