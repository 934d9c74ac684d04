import { between, type Random } from './random.js';
import { type Category, type Color, set } from './scene.js';

/** Plain weave of navy warp and cream weft. */
export const weave: Category = {
  kind: 'texture',
  variation: { shift: 0.5, rotation: 0.3 },
  create: () => ({
    isObject: false,
    background: dark,
    covers: () => true,
    surface(u, v, lu, lv, out) {
      const s = u * 4;
      const t = v * 4;
      const column = Math.floor(s);
      const row = Math.floor(t);
      const across = s - column - 0.5;
      const along = t - row - 0.5;
      const warpOnTop = ((column + row) & 1) === 0;
      if (warpOnTop && thread(across, along, lu, WARP, out)) return;
      if (!warpOnTop && thread(along, across, lv, WEFT, out)) return;
      if (warpOnTop ? thread(along, 0.5, lv, WEFT, out) : thread(across, 0.5, lu, WARP, out)) return;
      set(out, 0.07, 0.06, 0.07);
    },
    place: anywhere,
    gap: blobGap,
  }),
};

const WARP = [0.13, 0.2, 0.4] as const;
const WEFT = [0.93, 0.85, 0.68] as const;

/** `across` and `along` run from -0.5 to 0.5; the thread bends down towards both ends. */
function thread(
  across: number,
  along: number,
  light: number,
  [r, g, b]: readonly [number, number, number],
  out: Color,
): boolean {
  const side = across / 0.43;
  if (side * side >= 1) return false;
  const bend = Math.cos(Math.PI * along);
  const ply = 0.05 * Math.cos(2 * Math.PI * (2 * along + across));
  set(out, r, g, b, 0.5 + 0.28 * Math.sqrt(1 - side * side) + 0.2 * bend + 0.16 * side * light + ply);
  return true;
}

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

function dark(_x: number, _y: number, out: Color): void {
  set(out, 0.05, 0.045, 0.05);
}

function anywhere(random: Random): [number, number] {
  return [between(random, -0.62, 0.62), between(random, -0.62, 0.62)];
}

function blobGap(random: Random): (u: number, v: number) => boolean {
  const [cu, cv] = anywhere(random);
  const radius = between(random, 0.1, 0.16);
  const phase = between(random, 0, 2 * Math.PI);
  return (u, v) => {
    const angle = Math.atan2(v - cv, u - cu);
    const edge = radius * (1 + 0.18 * Math.sin(3 * angle + phase) + 0.1 * Math.sin(7 * angle - 2 * phase));
    return Math.hypot(u - cu, v - cv) < edge;
  };
}
