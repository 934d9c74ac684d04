import { between, pick, type Random } from './random.js';
import { type Color, type Scene, smoothstep } from './scene.js';

/**
 * Changes the colour at (u, v) in place; returns how much of the point the defect covers, 0..1. (lu, lv) points to
 * the light.
 */
export type Defect = (u: number, v: number, color: Color, lu: number, lv: number) => number;

type Point = readonly [number, number];
/** Red, green, blue. */
type Tint = readonly [number, number, number];

export const DEFECTS: Record<string, (random: Random, scene: Scene) => Defect> = {
  scratch: (random, scene) => {
    const line = bentLine(random, scene.place(random), between(random, 0.35, 0.6), 0.25);
    const width = between(random, 0.035, 0.05);
    return (u, v, color) => {
      const d = distance(line, u, v);
      const shade = 0.75 * coverage(distance(line, u - 0.025, v - 0.035), width);
      const bright = coverage(d, width);
      blend(color, [0.08, 0.07, 0.07], shade);
      blend(color, [0.98, 0.97, 0.94], bright);
      return Math.max(shade, bright);
    };
  },
  stain: (random, scene) => {
    const blob = wobblyBlob(random, scene.place(random), between(random, 0.1, 0.16), 0.25);
    return (u, v, color) => {
      const r = blob(u, v);
      const alpha = 1 - smoothstep(0.8, 1.05, r);
      blend(color, [0.3, 0.19, 0.08], alpha * (0.72 + 0.23 * smoothstep(0.5, 0.85, r)));
      return alpha;
    };
  },
  crack: (random, scene) => {
    const start = scene.place(random);
    const heading = between(random, 0, 2 * Math.PI);
    const main = zigzag(random, start, heading, 5, between(random, 0.1, 0.14));
    const branch = zigzag(random, main[2]!, heading + pick(random, [-1, 1]) * 0.9, 2, 0.1);
    const width = between(random, 0.028, 0.038);
    return (u, v, color) => {
      const alpha = coverage(Math.min(distance(main, u, v), distance(branch, u, v) + 0.008), width);
      blend(color, [0.03, 0.02, 0.02], alpha);
      return alpha;
    };
  },
  fibre: (random, scene) => {
    const line = wave(random, scene.place(random), between(random, 0.5, 0.75));
    const tint = pick<Tint>(random, [
      [0.1, 0.65, 0.95],
      [0.2, 0.85, 0.3],
      [0.98, 0.55, 0.05],
    ]);
    return (u, v, color) => {
      const shade = 0.5 * coverage(distance(line, u - 0.03, v - 0.045), 0.034);
      const alpha = coverage(distance(line, u, v), 0.034);
      blend(color, [0, 0, 0], shade);
      blend(color, tint, alpha);
      return Math.max(shade, alpha);
    };
  },
  misprint: (random, scene) => {
    const [cu, cv] = scene.place(random);
    const tint = pick<Tint>(random, [
      [0.85, 0.1, 0.6],
      [0.05, 0.6, 0.8],
      [0.95, 0.85, 0.1],
    ]);
    const half = between(random, 0.08, 0.12);
    const turn = between(random, 0, Math.PI);
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    return (u, v, color) => {
      const a = Math.abs(c * (u - cu) + s * (v - cv));
      const b = Math.abs(c * (v - cv) - s * (u - cu)) * 0.7;
      const alpha = 1 - smoothstep(half - 0.005, half + 0.005, Math.max(a, b, (a + b) * 0.72));
      blend(color, tint, 0.9 * alpha);
      return alpha;
    };
  },
};

function blend(color: Color, tint: Tint, alpha: number): void {
  if (alpha <= 0) return;
  for (let c = 0; c < 3; c++) color[c] = color[c]! + alpha * (tint[c]! - color[c]!);
}

function coverage(distanceToLine: number, halfWidth: number): number {
  return 1 - smoothstep(halfWidth * 0.75, halfWidth * 1.05, distanceToLine);
}

function distance(line: readonly Point[], u: number, v: number): number {
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

/** A gently bent line of eight pieces through `center`. */
function bentLine(random: Random, [cu, cv]: Point, length: number, bend: number): Point[] {
  const heading = between(random, 0, Math.PI);
  const sag = between(random, -bend, bend) * length;
  return Array.from({ length: 9 }, (_, i) => {
    const t = i / 8 - 0.5;
    const across = sag * (1 - 4 * t * t);
    return [
      cu + t * length * Math.cos(heading) - across * Math.sin(heading),
      cv + t * length * Math.sin(heading) + across * Math.cos(heading),
    ] as const;
  });
}

function zigzag(random: Random, start: Point, heading: number, pieces: number, step: number): Point[] {
  const line = [start];
  let [u, v] = start;
  for (let i = 0; i < pieces; i++) {
    const turn = heading + (i % 2 ? 1 : -1) * between(random, 0.25, 0.75);
    u += step * Math.cos(turn);
    v += step * Math.sin(turn);
    line.push([u, v]);
  }
  return line;
}

function wave(random: Random, [cu, cv]: Point, length: number): Point[] {
  const heading = between(random, 0, Math.PI);
  const amplitude = between(random, 0.06, 0.1);
  const phase = between(random, 0, 2 * Math.PI);
  return Array.from({ length: 17 }, (_, i) => {
    const t = i / 16 - 0.5;
    const across = amplitude * Math.sin(7 * t + phase);
    return [
      cu + t * length * Math.cos(heading) - across * Math.sin(heading),
      cv + t * length * Math.sin(heading) + across * Math.cos(heading),
    ] as const;
  });
}

/** Radius relative to the blob's edge: 1 on it. */
function wobblyBlob(random: Random, [cu, cv]: Point, radius: number, wobble: number) {
  const p = between(random, 0, 2 * Math.PI);
  const q = between(random, 0, 2 * Math.PI);
  return (u: number, v: number) => {
    const angle = Math.atan2(v - cv, u - cu);
    const edge = radius * (1 + wobble * (0.6 * Math.sin(2 * angle + p) + 0.4 * Math.sin(5 * angle + q)));
    return Math.hypot(u - cu, v - cv) / edge;
  };
}
