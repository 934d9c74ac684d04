import { gradientNoise, octaves } from '../noise.js';
import { between, pick } from '../random.js';
import { smoothstep } from '../scene.js';
import type { Mark } from './mark.js';

const TINTS = [
  { tint: [0.42, 0.3, 0.2], name: 'coffee or rust' },
  { tint: [0.22, 0.22, 0.25], name: 'oil or ink' },
  { tint: [0.5, 0.62, 0.8], name: 'dye' },
  { tint: [0.97, 0.95, 0.88], name: 'glue or lime' },
] as const;

/** A spill with a ragged outline and a stronger rim; the surface shows through. */
export const stain: Mark = (random, scene, extent) => {
  const [cu, cv] = scene.place(random);
  const noise = octaves(gradientNoise(random), 3);
  const { tint } = pick(random, TINTS);
  const strength = between(random, 0.45, 0.9);
  const turn = between(random, 0, Math.PI);
  const flat = between(random, 0.55, 1);
  const lightens = tint[0] > 0.9;
  return (u, v, color) => {
    const a = (Math.cos(turn) * (u - cu) + Math.sin(turn) * (v - cv)) / (0.5 * extent);
    const b = (Math.cos(turn) * (v - cv) - Math.sin(turn) * (u - cu)) / (0.5 * extent * flat);
    if (a * a + b * b > 2.2) return 0;
    const r = Math.hypot(a, b) + 0.22 * noise(1.3 * a, 1.3 * b);
    const inside = 1 - smoothstep(0.86, 0.98, r);
    const rim = smoothstep(0.7, 0.9, r);
    const alpha = strength * inside * (0.75 + 0.25 * rim + 0.12 * noise(3 * a, 3 * b + 9));
    for (let c = 0; c < 3; c++) {
      const target = lightens ? 0.35 * color[c]! + 0.65 * tint[c]! : color[c]! * tint[c]!;
      color[c] = color[c]! + alpha * (target - color[c]!);
    }
    return inside;
  };
};
