import type { Metrics } from '../evaluation/measure.js';

const mvtec: Record<string, [imageAuroc: number, pixelAuroc: number, pro: number]> = {
  carpet: [99.3, 98.7, 93.9],
  grid: [100, 99.4, 97.3],
  leather: [100, 99.4, 97.7],
  tile: [100, 98.2, 93.1],
  wood: [100, 95.0, 82.9],
  bottle: [100, 98.7, 91.8],
  cable: [99.4, 98.1, 88.9],
  capsule: [99.4, 95.7, 93.4],
  hazelnut: [100, 98.4, 86.7],
  metal_nut: [100, 99.0, 91.1],
  pill: [100, 99.1, 95.5],
  screw: [99.0, 99.3, 96.3],
  toothbrush: [100, 98.7, 92.6],
  transistor: [100, 95.3, 90.1],
  zipper: [100, 98.2, 93.2],
};

const visa: Record<string, [imageAuroc: number, pixelAuroc: number, pro: number]> = {
  candle: [99.9, 98.7, 96.6],
  capsules: [100, 99.5, 95.0],
  cashew: [94.5, 97.4, 80.3],
  chewinggum: [98.1, 96.5, 85.2],
  fryum: [99.0, 96.9, 94.2],
  macaroni1: [99.2, 98.7, 98.5],
  macaroni2: [99.2, 98.2, 99.3],
  pcb1: [100, 93.4, 93.3],
  pcb2: [99.7, 97.4, 93.3],
  pcb3: [97.2, 96.3, 86.6],
  pcb4: [100, 98.5, 95.5],
  pipe_fryum: [100, 99.5, 94.7],
};

/**
 * What the DDAD authors publish for a category of MVTec AD or VisA with their latest code and its settings per
 * category: image AUROC, pixel AUROC and their PRO.
 *
 * @returns shares in [0, 1]; undefined for any other data set or category
 */
export function publishedResults(
  kind: string,
  category: string,
): Required<Pick<Metrics, 'imageAuroc' | 'pixelAuroc' | 'referencePro'>> | undefined {
  const table = kind === 'mvtec' ? mvtec : kind === 'visa' ? visa : {};
  if (!Object.hasOwn(table, category)) return undefined;
  const [imageAuroc, pixelAuroc, referencePro] = table[category].map((percent) => percent / 100);
  return { imageAuroc, pixelAuroc, referencePro };
}
