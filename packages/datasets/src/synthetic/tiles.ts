import type { Category } from './category.js';
import { anywhere, blobGap, dark } from './gap.js';
import { type Color, set } from './scene.js';

/** Ivory and green floor tiles on the diagonal grid, terracotta insets at the corners. */
export const tiles: Category = {
  kind: 'texture',
  variation: { shift: 0.6, rotation: 0.4 },
  create: () => ({
    isObject: false,
    background: dark,
    covers: () => true,
    surface(u, v, lu, lv, out) {
      const s = u / PITCH;
      const t = v / PITCH;
      const column = Math.floor(s);
      const row = Math.floor(t);
      const a = s - column - 0.5;
      const b = t - row - 0.5;
      const edge = 0.5 - Math.max(Math.abs(a), Math.abs(b));
      const inset = 1 - Math.abs(a) - Math.abs(b);
      if (inset < 0.24) return bevel(0.24 - inset, Math.sign(-a), Math.sign(-b), lu, lv, INSET, out);
      if (edge < 0.045 || inset < 0.3) return set(out, 0.52, 0.49, 0.45);
      const horizontal = Math.abs(a) > Math.abs(b);
      const color = ((column + row) & 1) === 0 ? IVORY : GREEN;
      const [nu, nv] = horizontal ? [Math.sign(a), 0] : [0, Math.sign(b)];
      bevel(edge - 0.045, nu, nv, lu, lv, color, out);
    },
    place: anywhere,
    gap: blobGap,
  }),
};

const PITCH = 0.56;
const IVORY = [0.92, 0.87, 0.76] as const;
const GREEN = [0.13, 0.36, 0.33] as const;
const INSET = [0.7, 0.29, 0.19] as const;

function bevel(
  inside: number,
  nu: number,
  nv: number,
  lu: number,
  lv: number,
  [r, g, b]: readonly [number, number, number],
  out: Color,
): void {
  const slope = Math.max(0, 1 - inside / 0.07);
  set(out, r, g, b, 0.92 + 0.3 * slope * (nu * lu + nv * lv));
}
