import { between, type Random } from './random.js';
import { type Color, set } from './scene.js';

/** What shows through a gap in a texture. */
export function dark(_x: number, _y: number, out: Color): void {
  set(out, 0.05, 0.045, 0.05);
}

/** A place in the picture, not too near to its edge. */
export function anywhere(random: Random): [number, number] {
  return [between(random, -0.62, 0.62), between(random, -0.62, 0.62)];
}

/** A hole with a wavy edge. */
export function blobGap(random: Random): (u: number, v: number) => boolean {
  const [cu, cv] = anywhere(random);
  const radius = between(random, 0.1, 0.16);
  const phase = between(random, 0, 2 * Math.PI);
  return (u, v) => {
    const angle = Math.atan2(v - cv, u - cu);
    const edge = radius * (1 + 0.18 * Math.sin(3 * angle + phase) + 0.1 * Math.sin(7 * angle - 2 * phase));
    return Math.hypot(u - cu, v - cv) < edge;
  };
}
