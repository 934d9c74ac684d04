import type { Random } from './random.js';

/** Red, green and blue in 0..1, written in place: the renderer calls these functions once per sub-pixel. */
export type Color = Float64Array;

/**
 * What a category looks like. (u, v) are coordinates fixed to the object or the fabric, (x, y) to the image:
 * x to the right, y down, the shorter side spans -1..1.
 */
export interface Scene {
  /** What lies below the surface, at image coordinates. */
  background(x: number, y: number, out: Color): void;
  /** Whether the intact surface covers the point. */
  covers(u: number, v: number): boolean;
  /** Colour of the intact surface; (lu, lv) points to the light in the surface's own frame. */
  surface(u: number, v: number, lu: number, lv: number, out: Color): void;
  /** A place for a defect on the surface. */
  place(random: Random): [number, number];
  /** Material that is missing: true where it is gone. Scenes without it belong to categories with `changes`. */
  gap?(random: Random): (u: number, v: number) => boolean;
  /**
   * Objects cast a shadow, and their defects sit at surface coordinates. Those of textures sit at image
   * coordinates, so that they are always in the picture.
   */
  isObject: boolean;
}

export function set(out: Color, r: number, g: number, b: number, scale = 1): void {
  out[0] = r * scale;
  out[1] = g * scale;
  out[2] = b * scale;
}

export function smoothstep(low: number, high: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - low) / (high - low)));
  return t * t * (3 - 2 * t);
}
