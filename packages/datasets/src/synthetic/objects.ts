import { between } from './random.js';
import { type Category, set, smoothstep } from './scene.js';

/** A turned steel gear on a ribbed conveyor belt. */
export const gear: Category = {
  kind: 'object',
  variation: { shift: 0.2, rotation: Math.PI },
  create(random) {
    const phase = between(random, 0, 1);
    const covers = (u: number, v: number) => {
      const r = Math.hypot(u, v);
      if (r > 0.7 || r < BORE) return false;
      if (r < 0.5 && r > 0.2 && inLighteningHole(u, v)) return false;
      return r < gearRadius(Math.atan2(v, u));
    };
    return {
      isObject: true,
      covers,
      background(x, y, out) {
        const rib = (x * 0.3 + y) * 2.2 + phase;
        const t = rib - Math.floor(rib);
        const height = smoothstep(0.06, 0.16, t) - smoothstep(0.52, 0.62, t);
        const slope = (t > 0.06 && t < 0.16 ? 0.14 : 0) - (t > 0.52 && t < 0.62 ? 0.1 : 0);
        const value = 0.16 + 0.34 * height + slope;
        set(out, value * 0.92, value, value * 1.04);
      },
      surface(u, v, lu, lv, out) {
        const r = Math.hypot(u, v);
        const angle = Math.atan2(v, u);
        const fromLight = angle - Math.atan2(lv, lu);
        const turned = 0.5 + 0.5 * Math.cos(2 * fromLight);
        let value = 0.6 + 0.32 * turned;
        const rim = gearRadius(angle) - r;
        value += 0.22 * Math.cos(fromLight) * (1 - smoothstep(0, 0.035, rim));
        value -= 0.22 * Math.cos(fromLight) * (1 - smoothstep(0, 0.03, r - BORE));
        const groove = Math.abs(r - 0.49) < 0.014 || Math.abs(r - 0.215) < 0.012;
        if (groove) value *= 0.6;
        set(out, value * 0.97, value * 0.985, value);
      },
      place(rng) {
        const angle = between(rng, -Math.PI, Math.PI);
        const r = between(rng, 0.24, 0.44);
        return [r * Math.cos(angle), r * Math.sin(angle)];
      },
      gap(rng) {
        const tooth = Math.floor(rng() * TEETH);
        const middle = (2 * Math.PI * tooth) / TEETH;
        return (u, v) => {
          const away = Math.atan2(v, u) - middle;
          const turn = Math.abs(Math.atan2(Math.sin(away), Math.cos(away)));
          return turn < Math.PI / TEETH && Math.hypot(u, v) > ROOT - 0.05 + 0.02 * Math.sin(9 * away);
        };
      },
    };
  },
};

const TEETH = 10;
const ROOT = 0.53;
const BORE = 0.15;

function gearRadius(angle: number): number {
  return ROOT + 0.145 * smoothstep(-0.25, 0.35, Math.cos(TEETH * angle));
}

function inLighteningHole(u: number, v: number): boolean {
  for (let k = 0; k < 5; k++) {
    const a = (2 * Math.PI * k) / 5;
    const du = u - 0.345 * Math.cos(a);
    const dv = v - 0.345 * Math.sin(a);
    if (du * du + dv * dv < 0.0064) return true;
  }
  return false;
}

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
