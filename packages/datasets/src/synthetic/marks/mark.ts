import type { Defect } from '../defect.js';
import type { Random } from '../random.js';
import type { Scene } from '../scene.js';

/** Draws a mark of `extent`, its length or diameter in units of half the shorter side of the image. */
export type Mark = (random: Random, scene: Scene, extent: number) => Defect;
