import type { Category } from './category.js';
import { between } from './random.js';
import { set, smoothstep } from './scene.js';

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
