import { deriveSeed } from '@ddad/nn';
import { type PastedDefect, pasteDefect } from '../choosing/paste-defect.js';

/** Good images, at most, that are measured with and without defects. */
const mostImages = 16;

/** A defect on a good image. */
export interface PastedAnomaly extends PastedDefect {
  /** The number of the good image. */
  own: number;
}

/**
 * Defects pasted into good images, as often into each; the pieces and colours are those of the others.
 *
 * @param images interleaved bytes, `size * size * channels` each
 * @param options.count how many at least
 * @returns the images that were taken, and the defective ones
 */
export function pasteAnomalies(
  images: readonly Uint8Array[],
  { size, count, seed }: { size: number; count: number; seed: number },
): { good: Uint8Array[]; pasted: PastedAnomaly[] } {
  const good = images.slice(0, mostImages);
  const pasted = Array.from({ length: Math.ceil(count / good.length) * good.length }, (_, i) => {
    const own = i % good.length;
    const other = images[(own + 1 + Math.floor(i / good.length)) % images.length];
    return { own, ...pasteDefect(good[own], { size, other, seed: deriveSeed(seed, i) }) };
  });
  return { good, pasted };
}
