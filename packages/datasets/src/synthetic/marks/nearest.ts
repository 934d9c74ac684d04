import type { Line } from './line.js';

export interface Nearby {
  distance: number;
  /** Place along the line, 0..1. */
  along: number;
}

/** The nearest place of the line; the result is overwritten by the next call. */
export function nearest({ u: us, v: vs }: Line, u: number, v: number): Nearby {
  let least = Number.POSITIVE_INFINITY;
  let along = 0;
  for (let i = 1; i < us.length; i++) {
    const du = us[i]! - us[i - 1]!;
    const dv = vs[i]! - vs[i - 1]!;
    const pu = u - us[i - 1]!;
    const pv = v - vs[i - 1]!;
    const t = Math.min(1, Math.max(0, (pu * du + pv * dv) / (du * du + dv * dv)));
    const d = (pu - t * du) ** 2 + (pv - t * dv) ** 2;
    if (d < least) {
      least = d;
      along = (i - 1 + t) / (us.length - 1);
    }
  }
  found.distance = Math.sqrt(least);
  found.along = along;
  return found;
}

const found: Nearby = { distance: 0, along: 0 };
