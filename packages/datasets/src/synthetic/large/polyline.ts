export type Point = readonly [number, number];

/** Distance of (u, v) to the nearest piece of the line. */
export function distance(line: readonly Point[], u: number, v: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < line.length; i++) {
    const [au, av] = line[i - 1]!;
    const [bu, bv] = line[i]!;
    const du = bu - au;
    const dv = bv - av;
    const t = Math.min(1, Math.max(0, ((u - au) * du + (v - av) * dv) / (du * du + dv * dv)));
    least = Math.min(least, (u - au - t * du) ** 2 + (v - av - t * dv) ** 2);
  }
  return Math.sqrt(least);
}
