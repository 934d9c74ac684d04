import { type Random, shuffled } from './random.js';

/** The two nearest of randomly strewn points, one in each square of a grid of side 1. */
export interface Nearest {
  /** Distances to the nearest and the second nearest. */
  first: number;
  second: number;
  /** Gradient of `second - first`. */
  slopeX: number;
  slopeY: number;
  /** A number in 0..1 that belongs to the nearest point. */
  value: number;
}

/**
 * Cellular noise (S. Worley, "A Cellular Texture Basis Function", 1996). `jitter` 0 leaves the points at the middles
 * of their squares, 1 strews them all over. The result is overwritten by the next call.
 */
export function cells(random: Random, jitter: number): (x: number, y: number) => Nearest {
  const table = shuffled(random);
  const px = Float64Array.from({ length: 256 }, () => 0.5 + jitter * (random() - 0.5));
  const py = Float64Array.from({ length: 256 }, () => 0.5 + jitter * (random() - 0.5));
  const result: Nearest = { first: 0, second: 0, slopeX: 0, slopeY: 0, value: 0 };
  return (x, y) => {
    const i = Math.floor(x);
    const j = Math.floor(y);
    let first = Number.POSITIVE_INFINITY;
    let second = Number.POSITIVE_INFINITY;
    let [ax, ay, bx, by, nearest] = [0, 0, 0, 0, 0];
    for (let row = j - 1; row <= j + 1; row++) {
      for (let column = i - 1; column <= i + 1; column++) {
        const k = table[(table[column & 255]! + row) & 255]!;
        const dx = x - column - px[k]!;
        const dy = y - row - py[k]!;
        const d = dx * dx + dy * dy;
        if (d < first) {
          [second, bx, by] = [first, ax, ay];
          [first, ax, ay, nearest] = [d, dx, dy, k];
        } else if (d < second) {
          [second, bx, by] = [d, dx, dy];
        }
      }
    }
    result.first = Math.sqrt(first);
    result.second = Math.sqrt(second);
    result.slopeX = bx / (result.second + 1e-9) - ax / (result.first + 1e-9);
    result.slopeY = by / (result.second + 1e-9) - ay / (result.first + 1e-9);
    result.value = nearest / 255;
    return result;
  };
}
