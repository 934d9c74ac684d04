import type { Category, Change } from './category.js';
import { gradientNoise, octaves } from './noise.js';
import { between, type Random, stream } from './random.js';
import { type Color, set, smoothstep } from './scene.js';

/** Oak boards laid side by side, their joints staggered; every board is cut from another place of the tree. */
export const wood: Category = {
  kind: 'texture',
  variation: { shift: 0.5, rotation: 0.25 },
  changes: ['missing', 'turned'],
  create(random, change) {
    const fine = gradientNoise(random);
    const coarse = octaves(gradientNoise(random), 3);
    const boards = boardsOf(random, change);
    return {
      isObject: false,
      covers: () => true,
      background: (_x, _y, out) => set(out, 0, 0, 0),
      surface(u, v, lu, lv, out) {
        const { row, column } = boardAt(u, v);
        const p = u + stagger(row) - column * LENGTH;
        const q = v - row * WIDTH;
        const board = boards(row, column);
        const edge = Math.min(q, WIDTH - q, p, LENGTH - p);
        if (board.missing) return screed(u, v, edge, out);
        if (board.turned) grain(q * 1.6, p - LENGTH / 2, board);
        else grain(p, q - WIDTH / 2, board);
        set(out, tone[0]!, tone[1]!, tone[2]!);
        const [nu, nv] =
          Math.min(q, WIDTH - q) < Math.min(p, LENGTH - p)
            ? [0, q < WIDTH / 2 ? -1 : 1]
            : [p < LENGTH / 2 ? -1 : 1, 0];
        const bevel = 1 - smoothstep(0.004, 0.016, edge);
        const seam = smoothstep(0.001, 0.005, edge);
        const value = (1 + 0.22 * bevel * (nu * lu + nv * lv)) * (0.2 + 0.8 * seam);
        for (let c = 0; c < 3; c++) out[c] = out[c]! * value;
      },
      place: (rng) => [between(rng, -0.8, 0.8), between(rng, -0.8, 0.8)],
    };

    function grain(p: number, q: number, board: Board): void {
      const { ou, ov, pith, depth, rings } = board;
      const bend = 0.09 * coarse(0.8 * p + ou, 1.5 * q + ov);
      const lift = depth + 0.3 * coarse(0.45 * p + ov, ou);
      const d = Math.hypot(q + pith + bend, lift) * rings;
      const wobble = 0.25 * coarse(2.2 * p + ou, 9 * q + ov);
      const t = d + wobble - Math.floor(d + wobble);
      const year = 0.5 + 0.5 * fine(Math.floor(d + wobble) * 0.37 + ou, 0.3 + ov);
      const late = (0.35 + 0.65 * year) * (smoothstep(0.1, 0.88, t) - smoothstep(0.9, 1, t));
      const fibre = fine(2.5 * p + ou, 75 * q + ov) + 0.6 * fine(5 * p + ov, 150 * q + ou);
      const pore = smoothstep(0.42, 0.7, fine(9 * p + ov, 60 * q - ou)) * (0.4 + 0.6 * (1 - t));
      const lustre = coarse(1.1 * p + ov, 3 * q + ou);
      const value = board.tone * (1 + 0.075 * fibre + 0.08 * lustre) * (1 - 0.27 * pore);
      tone[0] = value * (0.8 - 0.2 * late);
      tone[1] = value * (0.6 - 0.23 * late);
      tone[2] = value * (0.39 - 0.2 * late) * board.yellow;
    }

    function screed(u: number, v: number, edge: number, out: Color): void {
      const grit = 0.5 * coarse(6 * u, 6 * v) + 0.5 * fine(70 * u, 70 * v);
      const value = (0.34 + 0.07 * grit) * (0.45 + 0.55 * smoothstep(0, 0.06, edge));
      set(out, value, 0.97 * value, 0.92 * value);
    }
  },
};

const WIDTH = 0.44;
const LENGTH = 1.45;
const tone = new Float64Array(3);

interface Board {
  /** Where in the noise the board lies. */
  ou: number;
  ov: number;
  /** Place of the tree's pith across the board, and how far below the cut it lies. */
  pith: number;
  depth: number;
  /** Year rings per unit. */
  rings: number;
  tone: number;
  yellow: number;
  missing?: boolean;
  turned?: boolean;
}

function boardAt(u: number, v: number): { row: number; column: number } {
  const row = Math.floor(v / WIDTH);
  return { row, column: Math.floor((u + stagger(row)) / LENGTH) };
}

function stagger(row: number): number {
  return (0.37 * row - Math.floor(0.37 * row)) * LENGTH;
}

function boardsOf(random: Random, change?: Change): (row: number, column: number) => Board {
  const key = Math.floor(random() * 2 ** 31);
  const brightness = between(random, 0.92, 1.08);
  const wrong = change && boardAt(between(change.random, -0.6, 0.6), between(change.random, -0.6, 0.6));
  const known = new Map<number, Board>();
  return (row, column) => {
    const at = row * 1000 + column;
    let board = known.get(at);
    if (!board) {
      const own = stream(key, row, column);
      const isWrong = wrong?.row === row && wrong.column === column;
      board = {
        ou: between(own, 0, 200),
        ov: between(own, 0, 200),
        pith: between(own, -0.5, 0.5),
        depth: between(own, 0.1, 0.7),
        rings: between(own, 14, 26),
        tone: brightness * between(own, 0.88, 1.1),
        yellow: between(own, 0.9, 1.08),
        missing: isWrong && change?.name === 'missing',
        turned: isWrong && change?.name === 'turned',
      };
      known.set(at, board);
    }
    return board;
  };
}
