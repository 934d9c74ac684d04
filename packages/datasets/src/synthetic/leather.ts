import type { Category, Change } from './category.js';
import { cells } from './cells.js';
import { gradientNoise, octaves } from './noise.js';
import { between, type Random } from './random.js';
import { set, smoothstep } from './scene.js';

/** Brown leather with an embossed pebble grain, creased and unevenly dyed. */
export const leather: Category = {
  kind: 'texture',
  variation: { shift: 0.5, rotation: Math.PI },
  changes: ['smooth', 'coarse'],
  create(random, change) {
    const pebbles = cells(random, 0.85);
    const wrinkles = cells(random, 1);
    const fine = gradientNoise(random);
    const coarse = octaves(gradientNoise(random), 3);
    const dye = between(random, -1, 1);
    const stretch = between(random, 0.75, 1.15);
    const wrong = patch(change);
    return {
      isObject: false,
      covers: () => true,
      background: (_x, _y, out) => set(out, 0, 0, 0),
      surface(u, v, lu, lv, out) {
        const share = wrong.at(u, v);
        const size = wrong.coarser ? 1 - 0.5 * share : 1;
        const relief = wrong.coarser ? 1 : 1 - 0.95 * share;
        const wu = 0.045 * coarse(2.6 * u, 2.6 * v) + 0.012 * fine(11 * u, 11 * v);
        const wv = 0.045 * coarse(2.6 * v + 31, 2.6 * u) + 0.012 * fine(11 * v + 50, 11 * u);
        const scale = 19 * size;
        const pebble = pebbles(scale * (u + wu) * stretch, scale * (v + wv));
        const gap = pebble.second - pebble.first;
        const flank = 1 - smoothstep(0, 0.75, gap);
        const height = 0.75 + 0.5 * (pebble.value - 0.5);
        const slopeU = relief * height * flank * pebble.slopeX;
        const slopeV = relief * height * flank * pebble.slopeY;
        const groove = relief * height * (1 - smoothstep(0, 0.3, gap));
        const crease = wrinkles(4.2 * (u + 2.5 * wu), 4.2 * (v + 2.5 * wv));
        const deep = relief * (1 - smoothstep(0, 0.1, crease.second - crease.first));
        const facing = -(slopeU * lu + slopeV * lv) - 0.5 * deep * (crease.slopeX * lu + crease.slopeY * lv);
        const gloss = 0.06 * Math.max(0, facing) ** 2 + 0.06 * relief * smoothstep(0.3, 0.75, gap);
        const mottle = 0.09 * coarse(1.4 * u + 7, 1.4 * v) + 0.05 * fine(60 * u, 60 * v);
        const value = (0.92 + 0.2 * facing + mottle) * (1 - 0.36 * groove) * (1 - 0.24 * deep);
        set(
          out,
          value * (0.47 + 0.03 * dye) + gloss,
          value * (0.285 + 0.02 * dye) + gloss,
          value * (0.175 - 0.015 * dye) + gloss,
        );
      },
      place: (rng) => [between(rng, -0.8, 0.8), between(rng, -0.8, 0.8)],
    };
  },
};

/** Where the embossing went wrong: 1 inside, 0 outside. */
function patch(change?: Change) {
  if (!change) return { coarser: false, at: () => 0 };
  const { name, random } = change;
  const radius = between(random, 0.08, 0.4);
  const edge = blob(random, between(random, -0.9, 0.9), between(random, -0.9, 0.9), radius);
  return { coarser: name === 'coarse', at: (u: number, v: number) => 1 - smoothstep(0.65, 1, edge(u, v)) };
}

/** Distance from the middle of a lopsided blob over the distance of its edge. */
function blob(random: Random, cu: number, cv: number, radius: number) {
  const turn = between(random, 0, Math.PI);
  const flat = between(random, 0.5, 1);
  const phase = between(random, 0, 2 * Math.PI);
  return (u: number, v: number) => {
    const a = Math.cos(turn) * (u - cu) + Math.sin(turn) * (v - cv);
    const b = (Math.cos(turn) * (v - cv) - Math.sin(turn) * (u - cu)) / flat;
    return Math.hypot(a, b) / (radius * (1 + 0.18 * Math.sin(3 * Math.atan2(b, a) + phase)));
  };
}
