import type { Category, Change } from './category.js';
import { gradientNoise, octaves } from './noise.js';
import { between, pick } from './random.js';
import { set, smoothstep } from './scene.js';

/** A zinc-plated wood screw lying on grey paper, turned any way and rolled about its axis. */
export const screw: Category = {
  kind: 'object',
  variation: { shift: 0.16, rotation: Math.PI },
  changes: ['stripped', 'blunt', 'swapped'],
  create(random, change) {
    const fine = gradientNoise(random);
    const cloudy = octaves(gradientNoise(random), 3);
    const roll = random();
    const yellow = between(random, 0, 1);
    const paper = between(random, 0.62, 0.78);
    const build = drawBuild(change);
    const { hand, countersunk, end, isWorn } = build;

    /** Height of the thread, 0..1, where the turn about the axis is `turn` (-0.25 to 0.25 in view). */
    const thread = (u: number, turn: number) => {
      if (u < THREAD_FROM || u > TIP + 0.02) return 0;
      const phase = u / PITCH + hand * turn + roll;
      const t = phase - Math.floor(phase) - 0.5;
      const fresh = Math.max(0, 1 - Math.abs(t) / 0.3) * smoothstep(THREAD_FROM, THREAD_FROM + 0.06, u);
      return fresh * (1 - isWorn(u, turn) * (0.9 + 0.1 * fine(60 * u, 40 * turn)));
    };
    const core = (u: number) => CORE * Math.min(1, Math.max(0, (TIP - u) / (TIP - CONE_FROM)) ** 0.85);
    const head = (u: number) => {
      const t = (u - HEAD_FROM) / (HEAD_TO - HEAD_FROM);
      if (t < 0 || t > 1) return 0;
      if (countersunk) return HEAD * (t < 0.14 ? 1 : 1 - 0.68 * ((t - 0.14) / 0.86));
      return HEAD * Math.min(1, Math.sqrt(1 - (1 - Math.min(1, t / 0.85)) ** 2.4));
    };
    const radius = (u: number, turn: number) => {
      if (u < HEAD_FROM || u > end(turn)) return 0;
      if (u < HEAD_TO) return Math.max(head(u), u > HEAD_TO - 0.02 ? SHANK : 0);
      if (u < THREAD_FROM) return SHANK;
      const c = core(u);
      return c + (CREST - CORE) * (0.25 + 0.75 * (c / CORE)) * thread(u, turn) * (c > 0 ? 1 : 0);
    };
    return {
      isObject: true,
      covers: (u, v) => Math.abs(v) < radius(u, v > 0 ? 0.25 : -0.25),
      background(x, y, out) {
        const value = paper + 0.035 * cloudy(2 * x, 2 * y) + 0.045 * fine(55 * x, 55 * y);
        set(out, value, value * 0.99, value * 0.965);
      },
      surface(u, v, lu, lv, out) {
        const outer = Math.max(1e-3, radius(u, v > 0 ? 0.25 : -0.25));
        const across = Math.max(-1, Math.min(1, v / Math.max(outer, u > HEAD_TO ? core(u) : 0)));
        const turn = Math.asin(across) / (2 * Math.PI);
        const step = 0.004;
        const slope = (radius(u + step, turn) - radius(u - step, turn)) / (2 * step);
        const steep = Math.max(-1.3, Math.min(1.3, slope));
        const nz = Math.sqrt(Math.max(0, 1 - across * across));
        const norm = Math.hypot(steep, 1);
        const nu = -steep / norm;
        const nv = across / norm;
        const up = nz / norm;
        const towards = nu * lu * 0.75 + nv * lv * 0.75;
        const facing = towards + 0.66 * up;
        const shine = Math.max(0, 1.4 * towards * up + up * up - 0.35) ** 6;
        const sky = 0.5 + 0.5 * Math.sin(5.5 * nv + 2.2 * nu + 0.8);
        const dull = 0.05 * cloudy(7 * u + 3, 7 * v) + 0.04 * fine(14 * u, 90 * v);
        const valley = u > THREAD_FROM ? 0.1 * (1 - thread(u, turn)) : 0;
        const value = 0.24 + 0.46 * Math.max(0, facing) + 0.2 * sky + 0.55 * shine + dull - valley;
        const gold = 0.08 + 0.1 * yellow;
        set(out, 1.02, 1 - 0.35 * gold, 1 - 1.7 * gold, Math.max(0.08, value));
      },
      place: (rng) => {
        const u = between(rng, HEAD_FROM + 0.04, CONE_FROM);
        const half = u < HEAD_TO ? 0.6 * HEAD : 0.7 * CORE;
        return [u, between(rng, -half, half)];
      },
    };
  },
};

const HEAD_FROM = -0.8;
const HEAD_TO = -0.62;
const HEAD = 0.235;
const SHANK = 0.098;
const THREAD_FROM = -0.4;
const CONE_FROM = 0.52;
const TIP = 0.8;
const CORE = 0.088;
const CREST = 0.142;
const PITCH = 0.092;

interface Build {
  /** 1 for a right-hand thread, -1 for a left-hand one. */
  hand: number;
  countersunk: boolean;
  /** Where the screw ends. */
  end: (turn: number) => number;
  /** How far the thread is gone, 0..1. */
  isWorn: (u: number, turn: number) => number;
}

function drawBuild(change?: Change): Build {
  const intact: Build = { hand: 1, countersunk: false, end: () => TIP, isWorn: () => 0 };
  if (change?.name === 'stripped') {
    const length = PITCH * Math.exp(between(change.random, Math.log(0.5), Math.log(6)));
    const from = between(change.random, THREAD_FROM + 0.05, CONE_FROM - length);
    const edge = 0.3 * PITCH;
    return {
      ...intact,
      isWorn: (u) => smoothstep(from, from + edge, u) - smoothstep(from + length - edge, from + length, u),
    };
  }
  if (change?.name === 'blunt') {
    const end = TIP - Math.exp(between(change.random, Math.log(0.035), Math.log(0.3)));
    const skew = between(change.random, -0.12, 0.12);
    return { ...intact, end: (turn) => end + skew * turn };
  }
  if (change?.name === 'swapped') {
    const leftHand = pick(change.random, [true, false]);
    return leftHand ? { ...intact, hand: -1 } : { ...intact, countersunk: true };
  }
  return intact;
}
