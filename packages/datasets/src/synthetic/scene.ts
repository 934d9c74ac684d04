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
  /** Material that is missing: true where it is gone. Scenes without it have {@link Category.changes}. */
  gap?(random: Random): (u: number, v: number) => boolean;
  /**
   * Objects cast a shadow, and their defects sit at surface coordinates. Those of textures sit at image
   * coordinates, so that they are always in the picture.
   */
  isObject: boolean;
}

/** Ranges of the natural variation. */
export interface Variation {
  /** Largest shift in units of half the shorter side. */
  shift: number;
  /** Largest rotation either way, in radians. */
  rotation: number;
}

/** A part that is missing, in the wrong place or of the wrong kind. */
export interface Change {
  /** One of {@link Category.changes}. */
  name: string;
  /** Decides which part and how much; what is not changed comes from the scene's own stream. */
  random: Random;
}

export interface Category {
  kind: 'texture' | 'object';
  variation: Variation;
  /** The same stream gives the same scene, but for the change. */
  create(random: Random, change?: Change): Scene;
  /** Names of the changes that `create` knows. Such a category has marks of all sizes besides. */
  changes?: readonly string[];
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
