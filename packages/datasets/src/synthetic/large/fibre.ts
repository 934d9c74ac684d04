import { between, pick, type Random } from '../random.js';
import type { LargeDefect, Tint } from './large-defect.js';
import { blend, coverage } from './paint.js';
import { distance, type Point } from './polyline.js';

export const fibre: LargeDefect = (random, scene) => {
  const line = wave(random, scene.place(random), between(random, 0.5, 0.75));
  const tint = pick<Tint>(random, [
    [0.1, 0.65, 0.95],
    [0.2, 0.85, 0.3],
    [0.98, 0.55, 0.05],
  ]);
  return (u, v, color) => {
    const shade = 0.5 * coverage(distance(line, u - 0.03, v - 0.045), 0.034);
    const alpha = coverage(distance(line, u, v), 0.034);
    blend(color, [0, 0, 0], shade);
    blend(color, tint, alpha);
    return Math.max(shade, alpha);
  };
};

function wave(random: Random, [cu, cv]: Point, length: number): Point[] {
  const heading = between(random, 0, Math.PI);
  const amplitude = between(random, 0.06, 0.1);
  const phase = between(random, 0, 2 * Math.PI);
  return Array.from({ length: 17 }, (_, i) => {
    const t = i / 16 - 0.5;
    const across = amplitude * Math.sin(7 * t + phase);
    return [
      cu + t * length * Math.cos(heading) - across * Math.sin(heading),
      cv + t * length * Math.sin(heading) + across * Math.cos(heading),
    ] as const;
  });
}
