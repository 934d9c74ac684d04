import { between, pick, type Random } from '../random.js';
import type { LargeDefect } from './large-defect.js';
import { blend, coverage } from './paint.js';
import { distance, type Point } from './polyline.js';

export const crack: LargeDefect = (random, scene) => {
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
};

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
