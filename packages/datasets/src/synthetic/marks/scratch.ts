import { gradientNoise } from '../noise.js';
import { between, pick } from '../random.js';
import { smoothstep } from '../scene.js';
import { drawLine } from './line.js';
import type { Mark } from './mark.js';
import { nearest } from './nearest.js';

/** One to three strokes of uneven depth: a bright furrow with one wall in the shade, or a dark scuff. */
export const scratch: Mark = (random, scene, extent) => {
  const [cu, cv] = scene.place(random);
  const heading = between(random, 0, 2 * Math.PI);
  const depth = gradientNoise(random);
  const bright = pick(random, [true, true, false]);
  const half = Math.min(0.3 * extent, between(random, 0.007, 0.011 + 0.012 * extent));
  const count = extent < 0.15 ? 1 : Math.floor(between(random, 1, 4));
  const strokes = Array.from({ length: count }, (_, i) => ({
    line: drawLine(
      random,
      [cu + i * 3.2 * half * between(random, -1, 1), cv + i * 3.2 * half * between(random, -1, 1)],
      extent * (i === 0 ? 1 : between(random, 0.35, 0.9)),
      { bend: 0.12, jag: 0.006, heading: heading + i * between(random, -0.12, 0.12) },
    ),
    offset: between(random, 0, 100),
  }));
  return (u, v, color, lu, lv) => {
    let most = 0;
    for (const { line, offset } of strokes) {
      const shade = press(line, offset, u - 0.9 * half * lu, v - 0.9 * half * lv);
      const furrow = press(line, offset, u, v);
      for (let c = 0; c < 3; c++) {
        const dark = color[c]! * (1 - 0.6 * shade);
        color[c] = bright ? dark + furrow * 0.8 * (0.94 - 0.06 * c - dark) : color[c]! * (1 - 0.75 * furrow);
      }
      most = Math.max(most, furrow, shade);
    }
    return most;
  };

  function press(line: ReturnType<typeof drawLine>, offset: number, u: number, v: number): number {
    const { distance, along } = nearest(line, u, v);
    const taper = Math.min(1, 6 * along, 6 * (1 - along));
    const uneven = 0.8 + 0.35 * depth(9 * along + offset, offset);
    const width = half * (0.35 + 0.65 * taper) * Math.min(1.15, uneven + 0.15);
    return (1 - smoothstep(0.55 * width, width, distance)) * Math.min(1, Math.max(0.25, uneven));
  }
};
