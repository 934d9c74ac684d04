import { between } from '../random.js';
import { smoothstep } from '../scene.js';
import type { Mark } from './mark.js';

/** A pit, at most a tenth of the side wide: dark towards the light, its far wall and its raised edge lit. */
export const hole: Mark = (random, scene, extent) => {
  const [cu, cv] = scene.place(random);
  const radius = 0.5 * Math.min(extent, 0.2 + 0.1 * extent);
  const flat = between(random, 0.75, 1);
  const phase = between(random, 0, 2 * Math.PI);
  const depth = between(random, 0.75, 0.95);
  return (u, v, color, lu, lv) => {
    const a = (u - cu) / radius;
    const b = (v - cv) / (radius * flat);
    const plain = Math.hypot(a, b);
    if (plain > 2) return 0;
    const r = plain * (1 + 0.08 * Math.sin(3 * Math.atan2(b, a) + phase));
    const towards = r > 0 ? (a * lu + b * lv) / plain : 0;
    const inside = 1 - smoothstep(0.85, 1, r);
    const edge = smoothstep(0.85, 1, r) * (1 - smoothstep(1, 1.35, r));
    const wall = smoothstep(0.45, 0.95, r) * Math.max(0, -towards);
    for (let c = 0; c < 3; c++) {
      const lit = color[c]! * (1 + 0.35 * edge * towards);
      color[c] = lit + inside * (color[c]! * (1 - depth + 0.5 * wall) - lit);
    }
    return Math.max(inside, edge);
  };
};
