import { between, type Random } from '../random.js';

/** Points of a line, at equal steps along it. */
export interface Line {
  readonly u: Float64Array;
  readonly v: Float64Array;
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
