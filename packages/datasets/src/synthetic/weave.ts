import type { Category } from './category.js';
import { anywhere, blobGap, dark } from './gap.js';
import { type Color, set } from './scene.js';

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
