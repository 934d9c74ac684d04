import { between, type Random } from '../random.js';

/** Points of a line, each with the length of the line so far over the whole, 0..1. */
export interface Line {
  readonly u: Float64Array;
  readonly v: Float64Array;
}

export interface Nearby {
  distance: number;
  /** Place along the line, 0..1. */
  along: number;
}

/** A line of `length` about (cu, cv), `bend` to one side and `jag` off its course, both in shares of its length. */
export function drawLine(
  random: Random,
  [cu, cv]: readonly [number, number],
  length: number,
  {
    bend,
    jag = 0,
    heading = between(random, 0, 2 * Math.PI),
  }: { bend: number; jag?: number; heading?: number },
): Line {
  const pieces = 12;
  const sag = between(random, -bend, bend) * length;
  const u = new Float64Array(pieces + 1);
  const v = new Float64Array(pieces + 1);
  for (let i = 0; i <= pieces; i++) {
    const t = i / pieces - 0.5;
    const along = t * length;
    const across = sag * (1 - 4 * t * t) + jag * length * between(random, -0.5, 0.5);
    u[i] = cu + along * Math.cos(heading) - across * Math.sin(heading);
    v[i] = cv + along * Math.sin(heading) + across * Math.cos(heading);
  }
  return { u, v };
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
