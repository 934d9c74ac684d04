import type { Pixels } from '@ddad/images';
import type { Variation } from './category.js';
import type { Defect } from './defect.js';
import { between, normal, type Random } from './random.js';
import type { Scene } from './scene.js';

/** Pose of the object and light on it: everything in which good images differ, but for sensor noise. */
export interface View {
  dx: number;
  dy: number;
  angle: number;
  /** Direction to the light in the image plane, radians. */
  light: number;
  /** Brightness. */
  gain: number;
  /** Brightness per unit along x and y. */
  gradient: readonly [number, number];
  /** Red minus blue. */
  warmth: number;
}

export function drawView(random: Random, { shift, rotation }: Variation): View {
  const light = between(random, -Math.PI, Math.PI);
  const slope = between(random, 0.05, 0.3);
  return {
    dx: between(random, -shift, shift),
    dy: between(random, -shift, shift),
    angle: between(random, -rotation, rotation),
    light,
    gain: between(random, 0.68, 1.02),
    gradient: [slope * Math.cos(light), slope * Math.sin(light)],
    warmth: between(random, -0.05, 0.05),
  };
}

export interface Flaw {
  defect?: Defect;
  gap?: (u: number, v: number) => boolean;
}

/** Standard deviation of the sensor noise in 8-bit steps. */
const NOISE = 1.5;

export interface Rendering {
  image: Pixels;
  /** Share of each pixel that the flaw covers, 0..1. */
  coverage: Float64Array;
}

/**
 * Renders `scene` with anti-aliasing by regular supersampling. `noise` must be a fresh stream: the same one gives
 * an image and its clean original the same noise.
 */
export function render(
  scene: Scene,
  view: View,
  noise: Random,
  { height, width }: { height: number; width: number },
  { defect, gap }: Flaw = {},
): Rendering {
  const short = Math.min(height, width);
  const n = short <= 64 ? 4 : short <= 160 ? 3 : 2;
  const unit = 2 / short;
  const cos = Math.cos(view.angle);
  const sin = Math.sin(view.angle);
  const lx = Math.cos(view.light);
  const ly = Math.sin(view.light);
  const lu = cos * lx + sin * ly;
  const lv = cos * ly - sin * lx;
  const [la, lb] = scene.isObject ? [lu, lv] : [lx, ly];
  const isGone = gap ?? (() => false);
  const casts = (u: number, v: number) => scene.covers(u, v) && !isGone(u, v);
  const data = new Uint8Array(height * width * 3);
  const coverage = new Float64Array(height * width);
  const color = new Float64Array(3);
  const sum = new Float64Array(3);
  for (let i = 0; i < height * width; i++) {
    sum.fill(0);
    let covered = 0;
    for (let k = 0; k < n * n; k++) {
      const x = ((i % width) + ((k % n) + 0.5) / n - width / 2) * unit;
      const y = (Math.floor(i / width) + (Math.floor(k / n) + 0.5) / n - height / 2) * unit;
      const u = cos * (x - view.dx) + sin * (y - view.dy);
      const v = cos * (y - view.dy) - sin * (x - view.dx);
      const [a, b] = scene.isObject ? [u, v] : [x, y];
      const solid = scene.covers(u, v);
      const gone = solid && isGone(a, b);
      if (solid && !gone) {
        scene.surface(u, v, lu, lv, color);
      } else {
        scene.background(x, y, color);
        if (scene.isObject) {
          const near = casts(u + 0.05 * lu, v + 0.05 * lv);
          const far = casts(u + 0.09 * lu, v + 0.09 * lv);
          const shade = 1 - (near ? 0.28 : 0) - (far ? 0.22 : 0);
          for (let c = 0; c < 3; c++) color[c] = color[c]! * shade;
        }
      }
      covered += gone ? 1 : defect ? defect(a, b, color, la, lb) : 0;
      const brightness = view.gain * (1 + view.gradient[0] * x + view.gradient[1] * y);
      sum[0] = sum[0]! + Math.min(1, Math.max(0, color[0]! * brightness * (1 + view.warmth)));
      sum[1] = sum[1]! + Math.min(1, Math.max(0, color[1]! * brightness));
      sum[2] = sum[2]! + Math.min(1, Math.max(0, color[2]! * brightness * (1 - view.warmth)));
    }
    coverage[i] = covered / (n * n);
    for (let c = 0; c < 3; c++) {
      const value = (255 * sum[c]!) / (n * n) + NOISE * normal(noise);
      data[3 * i + c] = Math.min(255, Math.max(0, Math.round(value)));
    }
  }
  return { image: { data, width, height, channels: 3 }, coverage };
}
