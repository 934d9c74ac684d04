import { type Random, shuffled } from './random.js';

/** A smooth random function of the plane, about -1..1, with features about 1 across. */
export type Noise = (x: number, y: number) => number;

/** Gradient noise (K. Perlin, "Improving Noise", 2002) in two dimensions, repeating after 256. */
export function gradientNoise(random: Random): Noise {
  const table = shuffled(random);
  const directions = Array.from({ length: 256 }, () => 2 * Math.PI * random());
  const gx = Float64Array.from(directions, Math.cos);
  const gy = Float64Array.from(directions, Math.sin);
  const corner = (i: number, j: number, dx: number, dy: number) => {
    const k = table[(table[i & 255]! + j) & 255]!;
    return gx[k]! * dx + gy[k]! * dy;
  };
  return (x, y) => {
    const i = Math.floor(x);
    const j = Math.floor(y);
    const dx = x - i;
    const dy = y - j;
    const s = fade(dx);
    const t = fade(dy);
    const top = corner(i, j, dx, dy) * (1 - s) + corner(i + 1, j, dx - 1, dy) * s;
    const bottom = corner(i, j + 1, dx, dy - 1) * (1 - s) + corner(i + 1, j + 1, dx - 1, dy - 1) * s;
    return 1.5 * (top * (1 - t) + bottom * t);
  };
}

/** Sum of `octaves` of `noise`, each twice as fine and half as strong as the one before; about -1..1. */
export function octaves(noise: Noise, count: number): Noise {
  return (x, y) => {
    let sum = 0;
    let scale = 1;
    for (let k = 0; k < count; k++) {
      sum += noise(x * scale + 17.3 * k, y * scale - 9.1 * k) / scale;
      scale *= 2;
    }
    return sum / (2 - 2 / scale);
  };
}

function fade(t: number): number {
  return t * t * t * (t * (6 * t - 15) + 10);
}
