import type { Category } from './category.js';
import { between } from './random.js';
import { set, smoothstep } from './scene.js';

/** A red crown cap with a printed star, on a perforated plate. */
export const cap: Category = {
  kind: 'object',
  variation: { shift: 0.2, rotation: Math.PI },
  create(random) {
    const px = random();
    const py = random();
    return {
      isObject: true,
      covers: (u, v) => Math.hypot(u, v) < capRadius(Math.atan2(v, u)),
      background(x, y, out) {
        const s = x * 3 + px;
        const t = y * 3 + py;
        const a = s - Math.floor(s) - 0.5;
        const b = t - Math.floor(t) - 0.5;
        const r = Math.hypot(a, b);
        const hole = 1 - smoothstep(0.29, 0.32, r);
        const rim = smoothstep(0.3, 0.32, r) - smoothstep(0.34, 0.38, r);
        const value = 0.72 - 0.6 * hole + 0.12 * rim * Math.sign(-b);
        set(out, value * 0.95, value, value * 1.02);
      },
      surface(u, v, lu, lv, out) {
        const r = Math.hypot(u, v);
        const angle = Math.atan2(v, u);
        if (r > 0.51) {
          const flute = Math.cos(FLUTES * angle);
          const facing = (u * lu + v * lv) / r;
          const value = 0.55 + 0.25 * flute + 0.28 * facing - 0.9 * (r - 0.51);
          return set(out, 0.86, 0.16, 0.17, value);
        }
        const gloss = 0.35 * Math.exp(-((u - 0.22 * lu) ** 2 + (v - 0.22 * lv) ** 2) / 0.05);
        const edge = 0.2 * smoothstep(0.46, 0.51, r) * ((u * lu + v * lv) / Math.max(r, 1e-6));
        const white = inStar(u, v) || (r > 0.42 && r < 0.465);
        const value = 0.88 + edge;
        if (white) set(out, 0.97, 0.95, 0.88, value);
        else set(out, 0.8, 0.12, 0.14, value);
        for (let c = 0; c < 3; c++) out[c] = out[c]! + gloss * (1 - out[c]!);
      },
      place(rng) {
        const angle = between(rng, -Math.PI, Math.PI);
        const r = 0.38 * Math.sqrt(rng());
        return [r * Math.cos(angle), r * Math.sin(angle)];
      },
      gap: (rng) => {
        const angle = between(rng, -Math.PI, Math.PI);
        const radius = between(rng, 0.16, 0.22);
        const cu = 0.63 * Math.cos(angle);
        const cv = 0.63 * Math.sin(angle);
        return (u, v) => {
          const around = Math.atan2(v - cv, u - cu);
          return Math.hypot(u - cu, v - cv) < radius * (1 + 0.12 * Math.sin(5 * around));
        };
      },
    };
  },
};

const FLUTES = 17;

function capRadius(angle: number): number {
  return 0.635 + 0.028 * Math.cos(FLUTES * angle);
}

/** Five points, outer radius 0.36, inner 0.15: the distance to the edge between a tip and a notch. */
function inStar(u: number, v: number): boolean {
  const step = (2 * Math.PI) / 5;
  const angle = Math.atan2(v, u);
  const folded = Math.abs(angle - step * Math.round(angle / step));
  const r = Math.hypot(u, v);
  const x = r * Math.cos(folded);
  const y = r * Math.sin(folded);
  const nx = 0.15 * Math.cos(step / 2);
  const ny = 0.15 * Math.sin(step / 2);
  return (nx - 0.36) * y - ny * (x - 0.36) > 0;
}
