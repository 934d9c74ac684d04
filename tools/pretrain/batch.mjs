// A batch: some scenes, several pictures of each, and which cells are flawed.
import { random } from './random.mjs';
import { drawPicture, makeScene } from './scenes.mjs';

/** Pixels along a cell: the stride of layer2. */
export const cellSide = 8;

/**
 * @returns {{ pixels: Uint8Array, flaw: Float32Array }} pixels [scenes * views, side, side, 3]; flaw
 *   [scenes * views, side / 8, side / 8]: the flawed share of each cell
 */
export function drawBatch(seed, number, { scenes, views, side, materials, lateFrom }) {
  const late = number >= lateFrom;
  const count = scenes * views;
  const grid = side / cellSide;
  const pixels = new Uint8Array(count * side * side * 3);
  const flaw = new Float32Array(count * grid * grid);
  const map = new Uint8Array(side * side);
  for (let s = 0; s < scenes; s++) {
    const rng = random(seed, 2, number, s);
    const scene = makeScene(rng, { materials: materials.length, late });
    for (let v = 0; v < views; v++) {
      const n = s * views + v;
      const out = { flaw: map, pixels: pixels.subarray(n * side * side * 3, (n + 1) * side * side * 3) };
      drawPicture(rng, scene, { side, materials, flawed: rng.chance(0.6), late, out });
      shares(map, side, flaw.subarray(n * grid * grid, (n + 1) * grid * grid));
    }
  }
  return { pixels, flaw };
}

function shares(map, side, out) {
  const grid = side / cellSide;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (map[y * side + x])
        out[Math.floor(y / cellSide) * grid + Math.floor(x / cellSide)] += 1 / cellSide ** 2;
    }
  }
}
