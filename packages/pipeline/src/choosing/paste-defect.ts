import { deriveSeed, uniform } from '@ddad/nn';
import type { Draw } from './paint.js';
import { piece } from './paint-piece.js';
import { scratch } from './paint-scratch.js';
import { stain } from './paint-stain.js';

/** A good image with something that does not belong there. */
export interface PastedDefect {
  /** Interleaved bytes. */
  image: Uint8Array;
  /** 255 where the image was changed. */
  mask: Uint8Array;
}

export interface PasteDefectOptions {
  /** Side of the images, pixels. */
  size: number;
  /** Another good image of the same size, from which pieces are taken. */
  other: Uint8Array;
  /** The same seed gives the same defect. */
  seed: number;
}

const kinds = [piece, stain, scratch] as const;

/** A change of at least so many levels is a defect. */
const visible = 10;

/**
 * A made-up defect on a good image: a displaced piece of another one (CutPaste, Li et al. 2021, arXiv 2104.04015; blended
 * at its rim as NSA, Schlueter et al. 2022, arXiv 2109.15222), a stain or a scratch, of a size between a fiftieth and
 * a quarter of the side and of any strength. Where nothing came out visible, the next seed is tried.
 *
 * @param image interleaved bytes, `size * size * channels`
 */
export function pasteDefect(image: Uint8Array, { size, other, seed }: PasteDefectOptions): PastedDefect {
  const channels = image.length / (size * size);
  for (let attempt = 0; ; attempt++) {
    const draw = numbers(deriveSeed(seed, attempt));
    const kind = kinds[Math.floor(draw() * kinds.length)];
    const { opacity, colour } = kind({ size, channels, other, draw });
    const out = image.slice();
    const mask = new Uint8Array(size * size);
    let changed = 0;
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const share = opacity(x, y);
        if (share <= 0) continue;
        const pixel = y * size + x;
        let largest = 0;
        for (let c = 0; c < channels; c++) {
          const at = pixel * channels + c;
          const value = image[at] + share * (colour(x, y, c, image[at]) - image[at]);
          out[at] = Math.round(Math.min(Math.max(value, 0), 255));
          largest = Math.max(largest, Math.abs(out[at] - image[at]));
        }
        if (largest >= visible) {
          mask[pixel] = 255;
          changed++;
        }
      }
    }
    if (changed >= (size / 64) ** 2 || attempt === 20) return { image: out, mask };
  }
}

/** Uniform numbers in [0, 1), one after the other. */
function numbers(seed: number): Draw {
  const values = uniform(seed, 64);
  let at = 0;
  return () => values[at++];
}
