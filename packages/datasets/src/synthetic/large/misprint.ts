import { between, pick } from '../random.js';
import { smoothstep } from '../scene.js';
import type { LargeDefect, Tint } from './large-defect.js';
import { blend } from './paint.js';

export const misprint: LargeDefect = (random, scene) => {
  const [cu, cv] = scene.place(random);
  const tint = pick<Tint>(random, [
    [0.85, 0.1, 0.6],
    [0.05, 0.6, 0.8],
    [0.95, 0.85, 0.1],
  ]);
  const half = between(random, 0.08, 0.12);
  const turn = between(random, 0, Math.PI);
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  return (u, v, color) => {
    const a = Math.abs(c * (u - cu) + s * (v - cv));
    const b = Math.abs(c * (v - cv) - s * (u - cu)) * 0.7;
    const alpha = 1 - smoothstep(half - 0.005, half + 0.005, Math.max(a, b, (a + b) * 0.72));
    blend(color, tint, 0.9 * alpha);
    return alpha;
  };
};
