import type { Defect } from '../defect.js';
import type { Random } from '../random.js';
import type { Scene } from '../scene.js';

/** A defect that is always large. */
export type LargeDefect = (random: Random, scene: Scene) => Defect;

/** Red, green, blue. */
export type Tint = readonly [number, number, number];
