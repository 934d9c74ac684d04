import { between, type Random } from '../random.js';
import type { LargeDefect } from './large-defect.js';
import { blend, coverage } from './paint.js';
import { distance, type Point } from './polyline.js';

export const scratch: LargeDefect = (random, scene) => {
  const line = bentLine(random, scene.place(random), between(random, 0.35, 0.6), 0.25);
  const width = between(random, 0.035, 0.05);
  return (u, v, color) => {
    const d = distance(line, u, v);
    const shade = 0.75 * coverage(distance(line, u - 0.025, v - 0.035), width);
    const bright = coverage(d, width);
    blend(color, [0.08, 0.07, 0.07], shade);
    blend(color, [0.98, 0.97, 0.94], bright);
    return Math.max(shade, bright);
  };
};

/** A gently bent line of eight pieces through `center`. */
function bentLine(random: Random, [cu, cv]: Point, length: number, bend: number): Point[] {
  const heading = between(random, 0, Math.PI);
  const sag = between(random, -bend, bend) * length;
  return Array.from({ length: 9 }, (_, i) => {
    const t = i / 8 - 0.5;
    const across = sag * (1 - 4 * t * t);
    return [
      cu + t * length * Math.cos(heading) - across * Math.sin(heading),
      cv + t * length * Math.sin(heading) + across * Math.cos(heading),
    ] as const;
  });
}
