import { readFile } from 'node:fs/promises';
import { decodeSamples, readHeader } from '@ddad/images';
import type { Config } from '../config/schema.js';

/**
 * One line about images of 16 bits that are read without `data.window`, by the first of them: what is taken of their values, and
 * the window that they seem to have. Undefined where there is nothing to say.
 */
export async function deepNotice(
  [first]: readonly { id: string; imagePath: string }[],
  { data }: Pick<Config, 'data'>,
): Promise<string | undefined> {
  if (!first || data.window !== null) return undefined;
  try {
    const bytes = await readFile(first.imagePath);
    if (readHeader(bytes).depth !== 16) return undefined;
    const samples = await decodeSamples(bytes);
    if (!(samples.data instanceof Uint16Array)) return undefined;
    const largest = samples.data.reduce((a, b) => Math.max(a, b), 0);
    const range = Math.max(2 ** Math.ceil(Math.log2(largest + 1)), 256) - 1;
    return (
      `${first.id} has 16 bits, of which the high byte is taken: of its values, up to ${largest}, ${(largest >> 8) + 1} levels ` +
      `are left; data.window states the range that counts, such as [0, ${range}]`
    );
  } catch {
    // whoever loads it says what is wrong
    return undefined;
  }
}
