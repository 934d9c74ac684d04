import { between, pick } from '../random.js';
import { smoothstep } from '../scene.js';
import { drawLine, type Line } from './line.js';
import type { Mark } from './mark.js';
import { nearest } from './nearest.js';

/** A jagged dark line that tapers to both ends, with branches when it is long; its far lip catches the light. */
export const crack: Mark = (random, scene, extent) => {
  const [cu, cv] = scene.place(random);
  const heading = between(random, 0, 2 * Math.PI);
  const main = drawLine(random, [cu, cv], extent, { bend: 0.15, jag: 0.09, heading });
  const half = Math.min(0.25 * extent, between(random, 0.006, 0.01 + 0.016 * extent));
  const branches = Array.from({ length: extent < 0.2 ? 0 : Math.floor(between(random, 0, 4)) }, () => {
    const at = Math.floor(between(random, 3, 10));
    const length = extent * between(random, 0.15, 0.35);
    const away = heading + pick(random, [-1, 1]) * between(random, 0.4, 1.1);
    const middle = [
      main.u[at]! + 0.5 * length * Math.cos(away),
      main.v[at]! + 0.5 * length * Math.sin(away),
    ] as const;
    return drawLine(random, middle, length, { bend: 0.1, jag: 0.1, heading: away });
  });
  const open = (line: Line, width: number, u: number, v: number) => {
    const { distance, along } = nearest(line, u, v);
    const wide = width * (0.3 + 0.7 * Math.sin(Math.PI * Math.min(1, Math.max(0, along))));
    return 1 - smoothstep(0.6 * wide, wide, distance);
  };
  const depth = (u: number, v: number) =>
    branches.reduce((most, line) => Math.max(most, open(line, 0.7 * half, u, v)), open(main, half, u, v));
  return (u, v, color, lu, lv) => {
    const dark = depth(u, v);
    const lip = depth(u + 1.4 * half * lu, v + 1.4 * half * lv) * (1 - dark);
    for (let c = 0; c < 3; c++) {
      color[c] = color[c]! * (1 + 0.25 * lip);
      color[c] = color[c]! + 0.88 * dark * (0.12 * color[c]! - color[c]!);
    }
    return Math.max(dark, lip);
  };
};
