import type { Random } from './random.js';
import type { Scene } from './scene.js';

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
