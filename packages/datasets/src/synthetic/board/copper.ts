/** Plated holes from one side of the board to the other. */
export const VIAS: readonly (readonly [number, number])[] = [
  [-0.36, -0.3],
  [-0.3, 0.13],
  [0.12, 0.14],
  [0.36, -0.46],
  [0.62, -0.46],
  [0.36, 0.16],
  [-0.42, 0.1],
  [0.16, -0.3],
  [0.6, 0.3],
  [-0.76, 0.02],
];

/** Corners of the copper tracks under the lacquer. */
const TRACES: readonly (readonly (readonly [number, number])[])[] = [
  [
    [-0.36, -0.3],
    [-0.3, -0.24],
    [-0.26, -0.24],
  ],
  [
    [-0.62, -0.25],
    [-0.52, -0.25],
    [-0.42, -0.15],
  ],
  [
    [-0.42, -0.02],
    [-0.42, 0.1],
    [-0.5, 0.2],
  ],
  [
    [-0.3, 0.13],
    [-0.22, 0.05],
    [-0.22, 0.0],
  ],
  [
    [-0.14, 0.2],
    [-0.14, 0.1],
    [-0.12, 0.06],
  ],
  [
    [-0.05, 0.2],
    [-0.05, 0.1],
    [-0.07, 0.06],
  ],
  [
    [0.12, 0.14],
    [0.04, 0.06],
    [0.04, 0.02],
  ],
  [
    [0.1, -0.1],
    [0.2, -0.1],
    [0.26, -0.1],
  ],
  [
    [0.26, -0.22],
    [0.36, -0.32],
    [0.36, -0.46],
  ],
  [
    [0.26, 0.1],
    [0.36, 0.16],
    [0.44, 0.16],
  ],
  [
    [0.62, -0.46],
    [0.62, -0.36],
    [0.58, -0.3],
  ],
  [
    [0.7, -0.04],
    [0.7, 0.1],
  ],
  [
    [0.5, 0.16],
    [0.6, 0.3],
    [0.4, 0.4],
  ],
  [
    [0.32, 0.32],
    [0.36, 0.38],
    [0.36, 0.44],
  ],
  [
    [-0.62, 0.32],
    [-0.62, 0.38],
  ],
  [
    [-0.5, 0.32],
    [-0.5, 0.38],
  ],
  [
    [-0.38, 0.32],
    [-0.38, 0.38],
  ],
  [
    [-0.76, 0.02],
    [-0.62, 0.1],
    [-0.62, 0.2],
  ],
  [
    [-0.14, -0.4],
    [-0.08, -0.4],
  ],
  [
    [0.04, -0.4],
    [0.1, -0.4],
  ],
  [
    [0.16, -0.3],
    [0.1, -0.26],
    [0.06, -0.24],
  ],
  [
    [0.2, 0.22],
    [0.12, 0.22],
    [0.04, 0.2],
  ],
];

/** Ends of the pieces of all tracks. */
const PIECES = TRACES.flatMap((trace) =>
  trace.slice(1).map(([bu, bv], i) => {
    const [au, av] = trace[i]!;
    return { au, av, bu, bv };
  }),
);
const HALF_TRACK = 0.0105;

/** Whether a track passes under (u, v). */
export function onTrack(u: number, v: number): boolean {
  for (const { au, av, bu, bv } of PIECES) {
    if (Math.abs(2 * u - au - bu) > Math.abs(bu - au) + 2 * HALF_TRACK) continue;
    if (Math.abs(2 * v - av - bv) > Math.abs(bv - av) + 2 * HALF_TRACK) continue;
    const du = bu - au;
    const dv = bv - av;
    const t = Math.min(1, Math.max(0, ((u - au) * du + (v - av) * dv) / (du * du + dv * dv)));
    if ((u - au - t * du) ** 2 + (v - av - t * dv) ** 2 < HALF_TRACK ** 2) return true;
  }
  return false;
}
