import { between, type Random } from '../random.js';
import { smoothstep } from '../scene.js';
import type { LargeDefect } from './large-defect.js';
import { blend } from './paint.js';
import type { Point } from './polyline.js';

export const stain: LargeDefect = (random, scene) => {
  const blob = wobblyBlob(random, scene.place(random), between(random, 0.1, 0.16), 0.25);
  return (u, v, color) => {
    const r = blob(u, v);
    const alpha = 1 - smoothstep(0.8, 1.05, r);
    blend(color, [0.3, 0.19, 0.08], alpha * (0.72 + 0.23 * smoothstep(0.5, 0.85, r)));
    return alpha;
  };
};

/** Radius relative to the blob's edge: 1 on it. */
function wobblyBlob(random: Random, [cu, cv]: Point, radius: number, wobble: number) {
  const p = between(random, 0, 2 * Math.PI);
  const q = between(random, 0, 2 * Math.PI);
  return (u: number, v: number) => {
    const angle = Math.atan2(v - cv, u - cu);
    const edge = radius * (1 + wobble * (0.6 * Math.sin(2 * angle + p) + 0.4 * Math.sin(5 * angle + q)));
    return Math.hypot(u - cu, v - cv) / edge;
  };
}
