import type { Release } from './releases.js';

/** What the authors publish for one category: conditioning weight, training and adaptation epochs. */
export interface CategorySettings {
  w: number;
  epochs: number;
  adaptationEpochs: number;
}

const mvtec: Record<string, [w: number, epochs: number, adaptationEpochs: number]> = {
  carpet: [0, 2500, 0],
  grid: [4, 2000, 6],
  leather: [11, 2000, 8],
  tile: [4, 1000, 0],
  wood: [11, 2000, 16],
  bottle: [3, 1000, 5],
  cable: [3, 3000, 0],
  capsule: [8, 1500, 8],
  hazelnut: [5, 2000, 3],
  metal_nut: [7, 3000, 1],
  pill: [9, 1000, 4],
  screw: [2, 2000, 4],
  toothbrush: [0, 2000, 2],
  transistor: [0, 2000, 0],
  zipper: [10, 1000, 6],
};

const visa: Record<string, [w: number, epochs: number, adaptationEpochs: number]> = {
  candle: [6, 1000, 1],
  capsules: [5, 1000, 3],
  cashew: [0, 1750, 0],
  chewinggum: [6, 1250, 0],
  fryum: [4, 1000, 3],
  macaroni1: [5, 500, 7],
  macaroni2: [2, 500, 11],
  pcb1: [9, 500, 8],
  pcb2: [5, 500, 5],
  pcb3: [6, 500, 1],
  pcb4: [6, 500, 1],
  pipe_fryum: [8, 500, 6],
};

/** What the first release recommends for every category: w 4 and at most 3 adaptation epochs. It gives no length. */
export const recommended: CategorySettings = { w: 4, epochs: 2000, adaptationEpochs: 3 };

/**
 * The settings the DDAD authors publish for a category of MVTec AD or VisA with their latest code; the first release
 * has none per category.
 *
 * @returns undefined for any other release, data set or category
 */
export function categorySettings(
  kind: string,
  category: string,
  release: Release = 'latest',
): CategorySettings | undefined {
  const table = release !== 'latest' ? {} : kind === 'mvtec' ? mvtec : kind === 'visa' ? visa : {};
  if (!Object.hasOwn(table, category)) return undefined;
  const [w, epochs, adaptationEpochs] = table[category];
  return { w, epochs, adaptationEpochs };
}
