import { onTrack, VIAS } from './board/copper.js';
import { drawLayout } from './board/layout.js';
import { paintPart } from './board/paint-part.js';
import { paintPlace } from './board/paint-place.js';
import { type Part, SIZES } from './board/part.js';
import type { Category } from './category.js';
import { gradientNoise, octaves } from './noise.js';
import { between } from './random.js';
import { type Color, set, smoothstep } from './scene.js';

/** A small circuit board with 23 parts of 8 kinds on a blue mat. */
export const board: Category = {
  kind: 'object',
  variation: { shift: 0.09, rotation: 0.22 },
  changes: ['missing', 'turned', 'swapped', 'bridge'],
  create(random, change) {
    const fine = gradientNoise(random);
    const cloudy = octaves(gradientNoise(random), 3);
    const shade = between(random, 0.85, 1.15);
    const { parts, bridge } = drawLayout(random, change);
    const frames = parts.map((part) => ({
      part,
      cos: Math.cos(part.angle),
      sin: Math.sin(part.angle),
      reach: Math.hypot(SIZES[part.kind][0], SIZES[part.kind][1]) + 0.06,
    }));
    return {
      isObject: true,
      covers: (u, v) => inBoard(u, v) && !inDrill(u, v),
      background(x, y, out) {
        const rib = 0.03 * Math.cos(70 * (x + y)) * Math.cos(70 * (x - y));
        const value = 1 + rib + 0.05 * fine(40 * x, 40 * y) + 0.06 * cloudy(1.5 * x, 1.5 * y);
        set(out, 0.25, 0.36, 0.55, value);
      },
      surface(u, v, lu, lv, out) {
        let shadow = 0;
        let bare = true;
        for (const { part, cos, sin, reach } of frames) {
          const du = u - part.u;
          const dv = v - part.v;
          if (Math.abs(du) > reach || Math.abs(dv) > reach) continue;
          const a = cos * du + sin * dv;
          const b = cos * dv - sin * du;
          const la = cos * lu + sin * lv;
          const lb = cos * lv - sin * lu;
          if (!part.missing && paintPart(part, a, b, la, lb, out)) return finish(u, v, lu, lv, out);
          if (paintPlace(part.place, a, b, out)) bare = false;
          if (!part.missing) shadow = Math.max(shadow, shadowOf(part, a, b, la, lb));
        }
        if (bare) paintBoard(u, v, out);
        for (let c = 0; c < 3; c++) out[c] = out[c]! * (1 - 0.5 * shadow);
        finish(u, v, lu, lv, out);
      },
      place: (rng) => [between(rng, -0.7, 0.7), between(rng, -0.48, 0.48)],
    };

    /** Solder that joins two pins, uneven lacquer, the dark edge of the board. */
    function finish(u: number, v: number, lu: number, lv: number, out: Color): void {
      if (bridge) {
        const r = Math.hypot(u - bridge.u, (v - bridge.v) * 1.2) / bridge.half;
        const lit = ((u - bridge.u) * lu + (v - bridge.v) * lv) / bridge.half;
        if (r < 1) set(out, 0.82, 0.82, 0.8, 0.75 + 0.4 * lit);
      }
      const edge = Math.min(0.82 - Math.abs(u), 0.58 - Math.abs(v));
      const value = 1 + 0.06 * cloudy(2 * u + 5, 2 * v) - 0.25 * (1 - smoothstep(0.004, 0.014, edge));
      for (let c = 0; c < 3; c++) out[c] = out[c]! * value;
    }

    function paintBoard(u: number, v: number, out: Color): void {
      const copper = onTrack(u, v) ? 1.28 : 1;
      const weave = 1 + 0.03 * Math.cos(160 * u) * Math.cos(160 * v) + 0.03 * fine(30 * u, 30 * v);
      set(out, 0.06, 0.29 * shade, 0.16, copper * weave);
      const r = Math.hypot(Math.abs(u) - 0.75, Math.abs(v) - 0.51);
      if (r < 0.058) set(out, 0.8, 0.72, 0.5);
      for (const [pu, pv] of VIAS) {
        const d = Math.hypot(u - pu, v - pv);
        if (d < 0.017) set(out, 0.78, 0.76, 0.66);
        if (d < 0.008) set(out, 0.05, 0.05, 0.04);
      }
    }
  },
};

function inBoard(u: number, v: number): boolean {
  const a = Math.abs(u) - 0.77;
  const b = Math.abs(v) - 0.53;
  return a < 0.05 && b < 0.05 && (a < 0 || b < 0 || a * a + b * b < 0.0025);
}

function inDrill(u: number, v: number): boolean {
  return Math.hypot(Math.abs(u) - 0.75, Math.abs(v) - 0.51) < 0.034;
}

function shadowOf({ kind }: Part, a: number, b: number, la: number, lb: number): number {
  const [half, across, height] = SIZES[kind];
  const inside = (s: number, t: number) =>
    kind === 'electrolytic' ? Math.hypot(s, t) < half : Math.abs(s) < half && Math.abs(t) < across - 0.004;
  const near = inside(a + height * la, b + height * lb) ? 0.7 : 0;
  return near || (inside(a + 1.6 * height * la, b + 1.6 * height * lb) ? 0.3 : 0);
}
