import { type Color, smoothstep } from '../scene.js';
import type { Tint } from './large-defect.js';

export function blend(color: Color, tint: Tint, alpha: number): void {
  if (alpha <= 0) return;
  for (let c = 0; c < 3; c++) color[c] = color[c]! + alpha * (tint[c]! - color[c]!);
}

/** How much of a point a line covers, at this distance from its middle. */
export function coverage(distanceToLine: number, halfWidth: number): number {
  return 1 - smoothstep(halfWidth * 0.75, halfWidth * 1.05, distanceToLine);
}
