import { readFile } from 'node:fs/promises';
import { decodeSamples, likelyWindow } from '@ddad/images';
import type { Config } from '../config/schema.js';
import { headerOf } from './header-of-file.js';

/**
 * One line about images of 16 bits that are read without `data.window`, by the first of them: what is taken of their values, and
 * the window that they seem to have. Undefined where there is nothing to say.
 */
export async function deepNotice(
  [first]: readonly { id: string; imagePath: string }[],
  { data }: Pick<Config, 'data'>,
): Promise<string | undefined> {
  if (!first || data.window !== null) return undefined;
  if ((await headerOf(first.imagePath))?.depth !== 16) return undefined;
  try {
    const samples = await decodeSamples(await readFile(first.imagePath));
    if (!(samples.data instanceof Uint16Array)) return undefined;
    const largest = samples.data.reduce((a, b) => Math.max(a, b), 0);
    return (
      `${first.id} has 16 bits, of which the high byte is taken: of its values, up to ${largest}, ${(largest >> 8) + 1} levels ` +
      `are left; data.window states the range that counts, such as [${likelyWindow(largest).join(', ')}]`
    );
  } catch {
    // whoever loads it says what is wrong
    return undefined;
  }
}
