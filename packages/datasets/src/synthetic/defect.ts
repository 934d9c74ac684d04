import type { Color } from './scene.js';

/**
 * Changes the colour at (u, v) in place; returns how much of the point the defect covers, 0..1. (lu, lv) points to
 * the light.
 */
export type Defect = (u: number, v: number, color: Color, lu: number, lv: number) => number;
